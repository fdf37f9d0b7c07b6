#!/usr/bin/env python3
"""A knowledge base of any size, made up, the same on every machine: one corpus, written for several generators.

    corpus.py --n 1000 --flavour hugo --out DIR [--seed 7]

An article has about 925 words (6 KB of Markdown) from a Zipf vocabulary, with headings, eight links to other articles,
lists and quotations, a table and a code block in three of ten, footnotes in some. It has a summary, a date and two to
six of 60 terms in four facets, and stands in a section of 50 to 200. Words, links and terms depend on the seed and the
number alone; how front matter and links are spelt is in flavours.py, what makes the pages is in themes/.
"""
import argparse
import itertools
import os
import random
import re
from dataclasses import dataclass
from multiprocessing import Pool

FACETS = {
    "benefit": "faster-delivery lower-cost higher-quality less-rework clear-ownership better-safety shared-language "
               "easier-hiring steady-pace fewer-outages simpler-audits happier-customers less-waste reuse trust",
    "risk": "lock-in burnout data-loss scope-creep compliance silent-failure slow-feedback hidden-cost "
            "knowledge-loss over-engineering vendor-risk privacy bias fatigue delay",
    "context": "startup enterprise public-sector regulated remote-team legacy-system greenfield open-source "
               "consultancy research hardware mobile education non-profit scale-up",
    "career-path": "engineer senior-engineer staff-engineer architect engineering-manager director product-manager "
                   "designer researcher data-scientist operations security quality technical-writer founder",
}
FACETS = {facet: terms.split() for facet, terms in FACETS.items()}
HEADINGS = ("Overview", "When to use it", "How it works", "Trade-offs", "Example", "Checklist", "Pitfalls",
            "Measuring success", "People and roles", "Further reading", "History", "Decision record")
COMMON = """the of and to in a is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will no more if out so up said what its about
than into them can only other time new some could these two may first then do any like my now over such our man me even
most made after also did many off before must well back through years much where your way down should because long each
just state those people too how make still see work use need team system page data value change process part number case
point group problem fact place week month company room under while between both during""".split()
ONSETS = "b c ch d f g h j l m n p r s sh st t th tr v w br pl gr".split()
VOWELS = "a e i o u ai ea ee oo ou".split()
ENDS = ["", "", "", "n", "r", "l", "s", "t", "m", "d", "p", "nt", "st", "ck", "ng"]
SUFFIXES = "s ed ing er tion ment ness ly able ity al ive".split()
CODE = {
    "python": "def {a}({b}, limit={n}):\n    total = 0\n    for item in {b}:\n        if item.{c} is None:\n"
              "            continue  # skip {d}\n        total += item.{c} * {n}\n    return min(total, limit)",
    "rust": "pub fn {a}({b}: &[u64]) -> Option<u64> {{\n    let {c} = {n};\n"
            "    {b}.iter().copied().filter(|v| *v < {c}).max() // {d}\n}}",
    "bash": "set -euo pipefail\nfor {b} in $(seq 1 {n}); do\n  {a} --{c} \"${{{b}}}\" >> {d}.log || exit 1\ndone",
    "json": "{{\n  \"{a}\": {n},\n  \"{b}\": [\"{c}\", \"{d}\", null, true],\n  \"{c}\": {{ \"{d}\": {n}.5 }}\n}}",
    "yaml": "{a}:\n  {b}: {n}\n  {c}:\n    - {d}\n    - {a}\n  enabled: true # {b}",
    "sql": "SELECT {a}, count(*) AS {b}\nFROM {c}\nWHERE {d} > {n}\nGROUP BY {a}\nORDER BY {b} DESC;",
}
# Where a body says `](page:12)`, a flavour puts its own spelling of a link to article 12.
LINK = re.compile(r"\]\(page:(\d+)\)")


@dataclass
class Section:
    slug: str
    title: str
    articles: range


@dataclass
class Article:
    number: int
    title: str
    summary: str
    date: str
    terms: dict
    body: str


class Corpus:
    """All that is known before a body is written: words, sections, titles and addresses."""

    def __init__(self, n, seed=7):
        self.n, self.seed = n, seed
        self.words, self.weights = vocabulary(random.Random(f"{seed}/words"))
        self.rare = self.words[len(COMMON):]
        dice = random.Random(f"{seed}/sections")
        self.sections, self.section_of, start = [], [], 0
        while start < n:
            end = start + dice.randint(50, 200)
            end = n if n - end < 50 else end
            title = " ".join(dice.sample(self.rare[:3000], 2)).capitalize()
            self.sections.append(Section(f"{slug(title)}-{len(self.sections)}", title, range(start, end)))
            self.section_of += [self.sections[-1]] * (end - start)
            start = end
        dice = random.Random(f"{seed}/titles")
        self.titles = [" ".join(dice.choices(self.rare[:6000], k=dice.randint(2, 5))).capitalize() for _ in range(n)]
        self.slugs = [f"{slug(title)[:48]}-{number}" for number, title in enumerate(self.titles)]

    def path(self, number):
        """Where an article stands, without its ending: `section/article`."""
        return f"{self.section_of[number].slug}/{self.slugs[number]}"

    def article(self, number):
        dice = random.Random(f"{self.seed}/article/{number}")
        body = Writer(self, number, dice).body()
        terms = {}
        for facet in dice.choices(list(FACETS), k=dice.randint(2, 6)):
            term = FACETS[facet][int(15 * dice.random() ** 1.5)]
            terms.setdefault(facet, {})[term] = True
        summary = " ".join(dice.choices(self.words, cum_weights=self.weights, k=16)).capitalize() + "."
        date = f"{dice.randint(2016, 2025)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        terms = {facet: list(terms[facet]) for facet in FACETS if facet in terms}
        return Article(number, self.titles[number], summary, date, terms, body)


def sample(corpus):
    """What is known of one article from the midst, which links into another section if there is one."""
    for number in range(corpus.n // 2, corpus.n):
        article, section = corpus.article(number), corpus.section_of[number]
        far = [to for to in map(int, LINK.findall(article.body)) if corpus.section_of[to] is not section]
        order = sorted(section.articles, key=corpus.titles.__getitem__)
        at = order.index(number)
        if (far or len(corpus.sections) == 1) and 0 < at < len(order) - 1:
            break
    facet = next(iter(article.terms))
    heading = article.body.split("\n## ")[1].split("\n")[0]
    return {"path": corpus.path(number), "title": article.title, "section": section.slug, "sectiontitle": section.title,
            "facet": facet, "term": article.terms[facet][0], "heading": slug(heading),
            "linked": corpus.slugs[far[0]] if far else "", "neighbour": corpus.slugs[order[at + 1]]}


def slug(text):
    return re.sub("[^a-z0-9]+", "-", text.lower()).strip("-")


def vocabulary(dice, size=12_000):
    """Common English words, then made-up families of words; the weights are cumulative, by Zipf and Mandelbrot."""
    words = dict.fromkeys(COMMON)
    rare = {}
    while len(rare) < size - len(words):
        stem = "".join(dice.choice(ONSETS) + dice.choice(VOWELS) + dice.choice(ENDS) for _ in range(dice.randint(1, 2)))
        for word in (stem, *(stem + suffix for suffix in dice.sample(SUFFIXES, dice.choice((0, 1, 1, 2))))):
            if len(word) > 2 and word not in words:
                rare[word] = None
    rare = list(rare)
    dice.shuffle(rare)
    words = (list(words) + rare)[:size]
    return words, list(itertools.accumulate(1 / (rank + 2.7) ** 1.07 for rank in range(size)))


class Writer:
    """Writes one body. Words of the article's own topic recur, as they do in real articles."""

    def __init__(self, corpus, number, dice):
        self.corpus, self.dice, self.used = corpus, dice, 0
        self.target = int(min(1400, max(280, dice.lognormvariate(6.55, 0.4))))
        topic = dice.sample(corpus.rare, 40)
        words = dice.choices(corpus.words, cum_weights=corpus.weights, k=2 * self.target + 400)
        words[::9] = [topic[int(40 * dice.random() ** 2)] for _ in words[::9]]
        self.words = iter(words)
        near = corpus.section_of[number].articles
        self.links = [dice.choice(near) if dice.random() < 0.6 else dice.randrange(corpus.n)
                      for _ in range(max(1, round(dice.gauss(8, 3))))]
        self.notes = []

    def take(self, count):
        self.used += count
        return " ".join(itertools.islice(self.words, count))

    def sentence(self):
        words, kind = self.take(self.dice.randint(6, 22)).split(), self.dice.random()
        if kind < 0.06:
            words[1:3] = [f"**{words[1]} {words[2]}**"]
        elif kind < 0.11:
            words[2] = f"*{words[2]}*"
        elif kind < 0.15:
            words[3] = f"`{words[3]}_{self.dice.randrange(99)}`"
        elif kind < 0.16:
            words[2] = f"[{words[2]}](https://example.com/{words[0]}/{words[1]})"
        if len(words) > 10:
            words[len(words) // 2] += ","
        text = " ".join(words)
        return text[0].upper() + text[1:] + self.dice.choice("......?!")

    def paragraph(self):
        sentences = [self.sentence() for _ in range(self.dice.randint(2, 6))]
        if self.links and self.dice.random() < 0.8:
            to = self.links.pop()
            sentences.append(f"See [{self.corpus.titles[to]}](page:{to}) for {self.take(4)}.")
        if self.dice.random() < 0.05:
            self.notes.append(f"[^{len(self.notes) + 1}]: {self.sentence()}")
            sentences.append(f"{self.take(4).capitalize()}.[^{len(self.notes)}]")
        return " ".join(sentences)

    def block(self):
        kind, dice = self.dice.random(), self.dice
        if kind < 0.16:
            mark = dice.choice(("-", "-", "1."))
            return "\n".join(f"{mark} {self.take(dice.randint(3, 11)).capitalize()}" for _ in range(dice.randint(3, 6)))
        if kind < 0.22:
            return f"> {self.sentence()}"
        if kind < 0.30:
            return f"### {self.take(3).capitalize()}"
        return self.paragraph()

    def table(self):
        rows = ["| Option | Cost | Effect | Notes |", "| --- | ---: | :---: | --- |"]
        for _ in range(self.dice.randint(3, 8)):
            effect = self.dice.choice(("low", "medium", "high"))
            rows.append(f"| {self.take(2)} | {self.dice.randrange(1, 999)} | {effect} | {self.take(5)} |")
        return "\n".join(rows)

    def code(self):
        language = self.dice.choice(list(CODE))
        names = dict(zip("abcd", self.dice.sample(self.corpus.rare, 4)))
        return f"```{language}\n{CODE[language].format(n=self.dice.randrange(2, 500), **names)}\n```"

    def body(self):
        headings = self.dice.sample(HEADINGS, self.dice.randint(3, 7))
        table, code = self.dice.random() < 0.3, self.dice.random() < 0.3
        blocks = [self.paragraph()]
        for place, heading in enumerate(headings):
            blocks += [f"## {heading}", self.paragraph()]
            while self.used < self.target * (place + 1) / len(headings):
                blocks.append(self.block())
            blocks += [self.table()] if table and place == 1 else []
            blocks += [self.code()] if code and place in (0, 2) else []
        if self.links:
            blocks += ["## Related", "\n".join(f"- [{self.corpus.titles[to]}](page:{to})" for to in self.links)]
        return "\n\n".join(blocks + self.notes) + "\n"


def generate(n, folders, seed=7):
    """Writes the corpus into each folder of `{flavour: folder}`; articles are made once and spelt for each flavour."""
    import flavours
    corpus = Corpus(n, seed)
    for flavour, folder in folders.items():
        flavours.frame(corpus, flavour, folder)
    with Pool(initializer=_begin, initargs=(n, seed, folders)) as pool:
        return sum(pool.imap_unordered(_write, [range(at, min(n, at + 100)) for at in range(0, n, 100)]))


def _begin(n, seed, folders):
    global _corpus, _folders
    _corpus, _folders = Corpus(n, seed), folders


def _write(numbers):
    """Writes some articles for every flavour; how many words they have is for the report."""
    import flavours
    words = 0
    for article in map(_corpus.article, numbers):
        words += len(article.body.split())
        for flavour, folder in _folders.items():
            path = os.path.join(folder, flavours.FLAVOURS[flavour].content, _corpus.path(article.number) + ".md")
            with open(path, "w", encoding="utf-8") as file:
                file.write(flavours.text(_corpus, flavour, article))
    return words


def main():
    import flavours
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, required=True, help="how many articles")
    parser.add_argument("--flavour", required=True, choices=flavours.FLAVOURS)
    parser.add_argument("--out", required=True, help="a folder that does not exist yet")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    if os.path.exists(given.out):
        parser.error(f"{given.out} exists already")
    words = generate(given.n, {given.flavour: given.out}, given.seed)
    print(f"{given.n} articles of {words / given.n:.0f} words in {given.out}")


if __name__ == "__main__":
    main()
