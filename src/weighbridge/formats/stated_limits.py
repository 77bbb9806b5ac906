"""Limits to use that prose states: `for research purposes only`, `commercial use is prohibited`, `CC BY-NC`.

In: text of a model card. Out: what states a limit, quoted. Publishers write terms into the body of a card and into the
prompt that the Hub shows before a download, beside a label that says something else. English only; linear.
Source: Hub documentation "Gated models" (keys `extra_gated_*` of the front matter).
"""

import re
from collections.abc import Iterator

_KIND = r"(?:academic|educational|evaluation|internal|non[-\s]?profit|personal|private|research|scientific|testing)"
_KINDS = rf"{_KIND}(?:\s?[,/&]\s?|\s(?:and|or)\s|\s(?:and/or)\s)?(?:{_KIND}|demonstration|study)?"
_PURPOSE = r"(?:\s(?:use|uses|usage|purpose|purposes|work))?"
_LIMIT = re.compile(
    r"\bnon[-\s]{0,2}commercial(?:ly)?\b"
    r"|\bcc[-\s]by[-\s]nc\b"
    r"|\b(?:no|not\s(?:for|intended\sfor|licensed\sfor|permitted\sfor|allowed\sfor|suitable\sfor)(?:\sany)?)\scommercial\b"
    r"|\b(?:not|never|cannot)\s(?:be\s)?(?:used?|deployed?|sold|sell)\s?(?:it\s|this\s|the\smodel\s)?(?:for\s|in\s)?(?:any\s)?"
    r"commercial(?:ly)?\b"
    r"|\bcommercial\s(?:use|usage|uses|purposes|deployment|applications?)\s(?:of\s(?:the|this)\s(?:model|weights)\s)?"
    r"(?:is|are)\s(?:strictly\s)?(?:not|prohibited|forbidden|disallowed|restricted)\b"
    r"|\bcommercial\s(?:use|usage|uses|deployment)\s(?:requires|needs)\b"
    r"|\b(?:prohibit|forbid|exclud|disallow)(?:s|es|ed|ing)?\s(?:any\s|all\s)?commercial\b"
    rf"|\b(?:for|to)\s{_KINDS}{_PURPOSE}\sonly\b"
    rf"|\b{_KIND}[-\s]only\b"
    rf"|\b(?:only|solely|strictly|exclusively)\s(?:be\sused\s|intended\s|available\s|meant\s|licensed\s|released\s)?(?:for|to)\s"
    rf"{_KIND}\b"
    r"|\bmay\snot\sbe\s(?:used|sold|redistributed)\b",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[*_`>#\"\u2010-\u2015\s]+")
"""Marks of Markdown and line ends; dashes of all kinds are one."""
_DASHES = re.compile("[\u2010-\u2015]")
_OPENED = re.compile(
    r"\bno\slonger\b|\bcommercial\suse\sis\s(?:allowed|permitted)\b|\bfree\sfor\scommercial\b", re.IGNORECASE
)
_SENTENCE = 160
MOST = 4


def limits(text: str) -> Iterator[str]:
    """Yield what states a limit, with a few words around it; at most `MOST`."""
    plain = _MARKS.sub(" ", _DASHES.sub("-", text))
    count = 0
    end = 0
    for found in _LIMIT.finditer(plain):
        if found.start() < end:
            continue
        start = max(plain.rfind(". ", 0, found.start()) + 1, found.start() - _SENTENCE // 2, 0)
        stop = plain.find(". ", found.end())
        end = min(stop if stop >= 0 else len(plain), found.end() + _SENTENCE // 2)
        sentence = plain[start:end].strip()
        if _OPENED.search(sentence):
            continue
        yield sentence
        count += 1
        if count >= MOST:
            return
