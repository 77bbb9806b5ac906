"""What a model reads in an instruction and a person does not see, and commands that run when it is loaded.

Joiners are part of honest text: emoji sequences, Arabic, Persian and Indic scripts use U+200C and U+200D, so these
count only between characters that never need them. Sources: Unicode 16.0, chapters 23.2 (layout controls), 23.4
(variation selectors), 23.9 (tag characters); UAX 9 (bidirectional controls); "Trojan Source", CVE-2021-42574;
agentskills.io specification; code.claude.com, skills: `!` with backquotes runs a command while the text is loaded.
"""

import re
from collections.abc import Iterator
from typing import Literal

from weighbridge.discover.masking import masked_text
from weighbridge.discover.shell_text import fetches_code
from weighbridge.model.agent import HiddenText, RunText

_Kind = Literal["tag characters", "zero-width characters", "bidirectional controls", "variation selectors", "comment"]
_TAGS = re.compile(r"(?<!\U0001F3F4)[\U000E0000-\U000E007F]+")
_FLAG = re.compile(r"\U0001F3F4[\U000E0061-\U000E007A\U000E0030-\U000E0039]{1,6}\U000E007F")
_ZERO = re.compile(r"[\u200b\u2060-\u2064\ufeff\u180e\u00ad]+|(?<=[\x00-\x7f])[\u200c\u200d]+(?=[\x00-\x7f])")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]+")
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000E0100-\U000E01EF]{2,}|(?<=[\x21-\x7e])[\U000E0100-\U000E01EF]")
_COMMENT_LENGTH = 4000
_ORDERS = re.compile(
    r"(?i)\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instruction|above|previous|rule)"
    r"|\bdo not (?:tell|mention|show|reveal|inform)|\bwithout (?:telling|asking|informing)"
    r"|\b(?:send|post|upload|exfiltrat\w*|forward)\b.{0,60}(?:\b(?:key|token|secret|credential|ssh|password)|\.env\b)"
    r"|\b(?:curl|wget|bash|eval|base64|rm -rf|chmod)\b"
)
_LOADED = re.compile(r"!`([^`\n]{1,2000})`|^```!\s*\n(.{0,2000}?)^```", re.DOTALL | re.MULTILINE)
_MOST = 50


def hidden_in(file: str, text: str) -> Iterator[HiddenText]:
    """Yield invisible characters, by line and kind, and comments that give orders."""
    kinds: tuple[tuple[_Kind, re.Pattern[str]], ...] = (
        ("tag characters", _TAGS),
        ("zero-width characters", _ZERO),
        ("bidirectional controls", _BIDI),
        ("variation selectors", _SELECTORS),
    )
    plain = _FLAG.sub("", text.removeprefix("\ufeff"))
    if not plain.isascii():
        for kind, pattern in kinds:
            lines: dict[int, int] = {}
            line, counted = 1, 0
            for found in pattern.finditer(plain):
                line += plain.count("\n", counted, found.start())
                counted = found.start()
                lines[line] = lines.get(line, 0) + len(found[0])
                if len(lines) >= _MOST:
                    break
            for line, count in lines.items():
                yield HiddenText(file=file, line=line, kind=kind, count=count)
    for start, comment in _comments(plain):
        if _ORDERS.search(comment[:_COMMENT_LENGTH]):
            yield HiddenText(file=file, line=plain.count("\n", 0, start) + 1, kind="comment", count=len(comment))


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield the comments of a Markdown or HTML text and where they begin."""
    end = 0
    for _ in range(_MOST):
        start = text.find("<!--", end)
        close = text.find("-->", start + 4) if start >= 0 else -1
        if close < 0:
            return
        yield start, text[start + 4 : close]
        end = close + 3


def runs_in(file: str, text: str) -> Iterator[RunText]:
    """Yield commands that run when the text is loaded, and lines that download what they run."""
    for number, found in enumerate(_LOADED.finditer(text)):
        if number >= _MOST:
            break
        line = text.count("\n", 0, found.start()) + 1
        shown = masked_text((found[1] or found[2] or "").strip())[:200]
        yield RunText(file=file, line=line, kind="run on load", text=shown)
    count = 0
    for number, line_text in enumerate(text.split("\n"), 1):
        if count < _MOST and len(line_text) < 4000 and fetches_code(line_text):
            count += 1
            yield RunText(file=file, line=number, kind="fetched code", text=masked_text(line_text.strip())[:200])
