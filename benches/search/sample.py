"""Queries made from a corpus with a seed: what readers of its pages might type, a few of each kind."""
import random
import re

KINDS = ("prefix", "two words", "phrase", "typo", "stem", "title")
ENDINGS = ("s", "ed", "ing", "er", "ly")
WORD = re.compile(r"[^\W\d_]{3,}")
LOOKED_AT = 300  # pages that are read; so many are plenty to choose from
COMMON = 0.1  # a word on more of these pages than this says nothing


def prose(text):
    """Title and plain text of a Markdown page: no front matter, code, addresses or marks."""
    front = re.match(r"---\n(.*?)\n---\n", text, re.S)
    title = re.search(r"^title:\s*(.+)$", front[1], re.M) if front else None
    body = text[front.end():] if front else text
    body = re.sub(r"^(```|~~~).*?^\1", " ", body, flags=re.S | re.M)
    body = re.sub(r"`[^`]*`|<[^>]*>|\]\([^)]*\)|\[\^?[@\w-]+\]:?|^[|:].*$", " ", body, flags=re.M)
    return title[1].strip().strip("\"'") if title else "", re.sub(r"[*_\[\]#>]", "", body)


def sample(content, each, seed):
    """`each` queries of every kind from the pages in a folder, the same for the same pages and seed."""
    dice = random.Random(f"{seed}/queries")
    files = sorted(path for path in content.rglob("*.md") if path.name != "index.md")
    pages = [prose(path.read_text("utf-8")) for path in dice.sample(files, min(LOOKED_AT, len(files)))]
    spread = {}
    for _, body in pages:
        for word in {word.lower() for word in WORD.findall(body)}:
            spread[word] = spread.get(word, 0) + 1
    most = max(3, COMMON * len(pages))

    def telling(body, least=4):
        words = sorted({w for w in map(str.lower, WORD.findall(body)) if len(w) >= least and 2 <= spread[w] <= most})
        return words or sorted({w.lower() for w in WORD.findall(body) if len(w) >= least})

    def typo(word):
        at = dice.randrange(1, len(word) - 1)
        return dice.choice((word[:at] + word[at + 1:], word[:at - 1] + word[at] + word[at - 1] + word[at + 1:]))

    def stem(word):
        ending = next((e for e in ENDINGS if word.endswith(e) and len(word) - len(e) >= 4), None)
        return word[:-len(ending)] if ending else word + dice.choice(ENDINGS[:3])

    def phrase(body):
        runs = re.findall(r"[^\W\d_]+(?: [^\W\d_]+){2}", body)
        runs = [run for run in runs if any(2 <= spread.get(word.lower(), 0) <= most for word in run.split())]
        return f'"{dice.choice(runs)}"' if runs else None

    def one(kind, title, body):
        long = telling(body, 6)
        if kind == "title":
            return title
        if kind == "phrase":
            return phrase(body)
        if not long:
            return None
        if kind == "prefix":
            word = dice.choice(long)
            return word[:dice.randint(4, len(word) - 1)]
        if kind == "two words":
            words = telling(body)
            return " ".join(dice.sample(words, 2)) if len(words) > 1 else None
        return {"typo": typo, "stem": stem}[kind](dice.choice(long))

    queries = []
    for _ in range(each):
        for kind in KINDS:
            text = None
            while not text:
                text = one(kind, *dice.choice(pages))
            queries.append({"kind": kind, "text": text})
    return queries
