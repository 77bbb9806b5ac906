"""The words of a license text, the way a reader sees them, whatever the formatting.

In: text. Out: words. Case, quotes, dashes, bullets, line ends, comment marks, Markdown, HTML entities, invisible
characters, letters of other alphabets that look like Latin ones, and the numbering of clauses do not count; every word
does. Sources: SPDX License List Matching Guidelines, version 2.1 (whitespace, case, punctuation, bullets, copyright
notices, varietal spelling); Unicode Technical Standard 39 (confusable characters), for the letters named here.
"""

import html
import re
import unicodedata
from collections.abc import Mapping

from weighbridge.licensing.copyright_line import mark_names

LONGEST = 400_000
"""Characters that are looked at; no license is longer."""
MOST_WORDS = 60_000
_WORD = re.compile(r"[^\W_]+")
_MARKER = re.compile(r"\s\(?(?:[a-z]|[ivx]{1,4}|\d{1,2}(?:\.\d{1,2}){0,2})[.)](?=\s)")
_TAG = re.compile(r"<!--|-->|</?([a-z][a-z0-9]{0,10})(\s[^<>]{0,300})?/?>")
_SHOWN = re.compile(r"(?:alt|title|content|value|label|summary|placeholder)\s{0,3}=\s{0,3}(\"[^\"]*\"|'[^']*')")
"""Attributes whose values are texts."""
# fmt: off
_ELEMENTS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "blockquote", "body", "br", "center", "cite", "code", "dd",
    "details", "div", "dl", "dt", "em", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "hr", "html", "i", "img", "kbd", "li", "link", "main", "meta", "nav", "ol", "p", "pre", "q", "section",
    "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "title", "tr",
    "tt", "u", "ul", "var",
})
# fmt: on
_STRUCK = frozenset({"s", "del", "strike"})
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|\bhidden\b")
_STRIKE = re.compile(r"~~(?=\S)")
_SCHEME = re.compile(r"https?://(?:www\.)?")
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, 0x202A, 0x202B, 0x202C, 0xFEFF, *range(0x200B, 0x2010), *range(0x2060, 0x2070)]
)
_INVISIBLE |= dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
"""Left out, so that they split no word."""
_UNREADABLE = {
    0x202D: " \u16a0 ",
    0x202E: " \u16a0 ",
    **dict.fromkeys([*range(0xE0000, 0xE0080), *range(0x334, 0x339)], "\u16a0"),
}
"""Turn the direction of what follows, or say something that nobody sees: a letter that is not read here instead."""
_LOOKS_LIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u04bb\u03bf\u03b1\u03c1\u03c5\u03bd\u0131\u0261\u043a\u043c\u0442\u0432\u043d\u03b9\u03ba\u03c4\u03c7",
    "aeopcyxijsdqwhoapuvigkmtbhiktx",
)
_SPELLINGS = {
    "organisation": "organization",
    "acknowledgement": "acknowledgment",
    "favour": "favor",
    "copyrights": "copyright",
}
_SILENT = frozenset({"c", "\u00a9", "http", "https", "www"})
"""What stands for a sign and says nothing: the c of (c)."""


def words(text: str, *, names: bool = False) -> list[str]:
    """Return the words of `text` in order, folded; at most `MOST_WORDS`.

    Args:
        text: as it was read.
        names: whether to mark words of names in notices of copyright; see `copyright_line`.
    """
    text = text[:LONGEST]
    odd = _odd_letters(text)
    text = _translated(text, _UNREADABLE, odd)
    if "&" in text:
        text = html.unescape(text).replace("&", " and ")
        odd = _odd_letters(text)
    text = unicodedata.normalize("NFKC", text)
    text = (mark_names(text) if names else text).casefold()
    text = _translated(_translated(text, _INVISIBLE, odd), _LOOKS_LIKE, odd)
    text = _SCHEME.sub(" ", _TAG.sub(_without_tag, _STRIKE.sub(" \u16a0 ", text)))
    text = text.replace("licenc", "licens")  # the British noun
    found = _WORD.findall(_MARKER.sub(" ", f" {text}"))[:MOST_WORDS]
    return [_SPELLINGS.get(word, word) for word in found if word not in _SILENT]


def _odd_letters(text: str) -> set[int]:
    """Return the characters beyond ASCII of `text`, and what folding makes of each."""
    if text.isascii():
        return set()
    odd = {character for character in set(text) if not character.isascii()}
    folded = {ord(one) for character in odd for one in unicodedata.normalize("NFKC", character).casefold()}
    return folded.union(map(ord, odd))


def _translated(text: str, table: Mapping[int, int | str | None], letters: set[int]) -> str:
    """Return `text.translate(table)`; mostly there is nothing to translate, and to find out costs a tenth of it."""
    return text if table.keys().isdisjoint(letters) else text.translate(table)


def _without_tag(tag: re.Match[str]) -> str:
    """Leave out marks of HTML, but not what they show, and not words that only stand in angle brackets."""
    if tag[1] is None:
        return " "
    if tag[1] in _STRUCK or _HIDDEN.search(tag[2] or ""):
        return " \u16a0 "
    if tag[1] not in _ELEMENTS:
        return f" {tag[1]} {tag[2] or ''} "
    return " ".join(["", *(value[1:-1] for value in _SHOWN.findall(tag[2] or "")), ""])


def too_long(text: str) -> bool:
    """Tell whether words of `text` were left out."""
    return len(text) > LONGEST
