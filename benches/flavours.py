"""How each generator wants an article spelt, and what stands around the articles: front matter, links, lists by hand.

What makes the pages (settings, templates) is in themes/<flavour>/ and copied as it is.
"""
import json
import os
import shutil
from dataclasses import dataclass

from corpus import FACETS, LINK

HERE = os.path.dirname(os.path.abspath(__file__))


@dataclass(frozen=True)
class Flavour:
    """`content` is the folder of articles, `index` the name of a section's own file."""
    theme: str
    content: str
    index: str


FLAVOURS = {
    "fingerpost": Flavour("fingerpost", "content", "index.md"),
    "zola": Flavour("zola", "content", "_index.md"),
    "hugo": Flavour("hugo", "content", "_index.md"),
    "mdbook": Flavour("mdbook", "src", "index.md"),
    "mkdocs": Flavour("mkdocs", "docs", "index.md"),
    "zensical": Flavour("mkdocs", "docs", "index.md"),
    "eleventy": Flavour("eleventy", "content", "index.md"),
}


def text(corpus, flavour, article):
    """One article as the flavour's file."""
    here = article.number
    return front(flavour, article) + LINK.sub(lambda to: link(corpus, flavour, here, int(to[1])), article.body)


def front(flavour, article):
    title, terms = json.dumps(article.title), article.terms
    lists = {facet: f"{facet}: [{', '.join(names)}]" for facet, names in terms.items()}
    if flavour == "mdbook":  # knows neither front matter nor terms: a line of links stands for them
        links = " ".join(f"[{term}](../tags/{facet}-{term}.md)" for facet in terms for term in terms[facet])
        return f"# {article.title}\n\n{article.summary}\n\nTags: {links}\n\n"
    keys = [f"title: {title}", f"date: {article.date}"]
    keys.append(f"{'summary' if flavour == 'fingerpost' else 'description'}: {json.dumps(article.summary)}")
    if flavour in ("mkdocs", "zensical"):
        keys.append(f"tags: [{', '.join(term for names in terms.values() for term in names)}]")
    elif flavour == "hugo":
        keys += lists.values()
    else:
        parent = {"fingerpost": "tags", "zola": "taxonomies", "eleventy": "facets"}[flavour]
        keys += [f"{parent}:", *(f"  {line}" for line in lists.values())]
    return "---\n" + "\n".join(keys) + "\n---\n\n"


def link(corpus, flavour, here, to):
    if flavour == "zola":
        return f"](@/{corpus.path(to)}.md)"
    same = corpus.section_of[here] is corpus.section_of[to]
    return f"]({corpus.slugs[to] if same else '../' + corpus.path(to)}.md)"


def frame(corpus, flavour, folder):
    """All but the articles: the theme, the sections' own files, and what a flavour lists by hand."""
    kind = FLAVOURS[flavour]
    shutil.copytree(os.path.join(HERE, "themes", kind.theme), folder)
    content = os.path.join(folder, kind.content)
    for section in corpus.sections:
        intro = f"Articles about {section.title.lower()}.\n"
        if flavour == "mdbook":
            start = f"# {section.title}\n\n"
        else:
            extra = {"zola": "sort_by: title\n", "eleventy": "layout: section.njk\n"}.get(flavour, "")
            start = f"---\ntitle: {json.dumps(section.title)}\n{extra}---\n\n"
        put(os.path.join(content, section.slug, kind.index), start + intro)
    if flavour == "mdbook":
        by_hand(corpus, content)


def by_hand(corpus, content):
    """mdBook's table of contents, and pages for terms, which an author would have to write."""
    entry = "[{}]({}.md)".format
    tagged = {}
    for number in range(corpus.n):
        for facet, terms in corpus.article(number).terms.items():
            for term in terms:
                tagged.setdefault((facet, term), []).append(number)
    lines = ["# Summary", "", "[Field guide](index.md)", ""]
    for section in corpus.sections:
        lines.append(f"- {entry(section.title, section.slug + '/index')}")
        lines += [f"  - {entry(corpus.titles[number], corpus.path(number))}" for number in section.articles]
    for facet in FACETS:
        for term in FACETS[facet]:
            if (facet, term) in tagged:
                lines.append(f"- {entry(term, f'tags/{facet}-{term}')}")
                pages = [f"- {entry(corpus.titles[at], '../' + corpus.path(at))}" for at in tagged[facet, term]]
                put(os.path.join(content, "tags", f"{facet}-{term}.md"), f"# {term}\n\n" + "\n".join(pages) + "\n")
    put(os.path.join(content, "SUMMARY.md"), "\n".join(lines) + "\n")


def put(path, written):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(written)
