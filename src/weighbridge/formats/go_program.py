"""What a template in Go's language reads, calls and repeats, from its actions; nothing is executed.

Source: Go, package `text/template`, and its lexer and parser in `text/template/parse`.
"""

import math
import re
from collections import Counter

MOST_ACTIONS = 10_000
DEEPEST = 100
MANY_TURNS = 10_000_000
MANY_DOUBLINGS = 16
LONGEST_NUMBER = 19
"""Digits: as many as Go's integers have."""
KEYWORDS = frozenset({"true", "false", "nil", "break", "continue", "else", "end"})
OPENING = frozenset({"if", "range", "with", "define", "block"})
FUNCTIONS = frozenset(
    {"and", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery", "call"}
    | {"eq", "ne", "lt", "le", "gt", "ge", "json", "currentDate", "yesterday", "toTypeScriptType"}
)
"""Those of the language, and those of Ollama."""
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')|(?P<number>[+-]?\d[\w.]*)"""
    r"""|(?P<field>\.[^\W\d]\w*)|(?P<dot>\.)|(?P<variable>\$\w*)|(?P<word>[^\W\d]\w*)|(?P<sign>:=|[=|,()])""",
)
_OPEN = re.compile(r"\{\{(?:-(?=\s))?")
_CLOSE = re.compile(r"(?:(?<=\s)-)?\}\}")
_COMMENT = re.compile(r"\{\{(?:-\s+)?/\*.*?\*/(?:\s+-)?\}\}", re.DOTALL)
_WIDE = re.compile(r"%[-+# 0]*(?:\d*\.)?\d{6}")

Token = tuple[str, str]


class GoProgram:
    """What one template does.

    Args:
        text: all of it.
    """

    def __init__(self, text: str) -> None:
        self.fields: dict[str, None] = {}
        """Names of fields that are read."""
        self.calls: dict[str, None] = {}
        """`<computed>`, if it calls what a field holds."""
        self.heavy: dict[str, None] = {}
        """What would cost a renderer more than any honest template, in words."""
        self.loops = 0
        self.error: str | None = None
        """Why it is no template, if so."""
        self._blocks: list[tuple[str, int]] = []
        self._numbers: dict[str, int] = {}
        self._defined: dict[str, Counter[str]] = {"": Counter()}
        self._within = [""]
        self._doublings = 0
        try:
            self._follow(text)
        except _NoTemplateError as reason:
            self.error = str(reason)

    def _follow(self, text: str) -> None:
        at = 0
        for _ in range(MOST_ACTIONS):
            opened = _OPEN.search(text, at)
            if opened is None:
                break
            comment = _COMMENT.match(text, opened.start())
            if comment is not None:
                at = comment.end()
                continue
            tokens, at = _tokens(text, opened.end())
            self._action(tokens)
        else:
            raise _NoTemplateError(f"more than {MOST_ACTIONS} actions")
        if self._blocks:
            raise _NoTemplateError(f"`{self._blocks[-1][0]}` has no end")
        self._check_names()
        if self._doublings >= MANY_DOUBLINGS:
            self.heavy[f"{self._doublings} assignments that double a value"] = None

    def _action(self, tokens: list[Token]) -> None:
        kind, first = tokens[0] if tokens else ("", "")
        rest = tokens[1:]
        if kind == "word" and first in OPENING:
            self._begin(first, rest)
        elif (kind, first) == ("word", "end"):
            if rest or not self._blocks:
                raise _NoTemplateError("an `end` too many")
            if self._blocks.pop()[0] in ("define", "block"):
                self._within.pop()
        elif (kind, first) == ("word", "else"):
            if not self._blocks or self._blocks[-1][0] not in ("if", "range", "with"):
                raise _NoTemplateError("an `else` without an `if`")
            self._pipeline(
                rest[1:] if rest and rest[0] in (("word", "if"), ("word", "with")) else rest, may_be_empty=True
            )
        elif (kind, first) == ("word", "template"):
            self._defined[self._within[-1]][_name(rest)] += self._around()
            self._pipeline(rest[1:], may_be_empty=True)
        elif (kind, first) in (("word", "break"), ("word", "continue")):
            if rest:
                raise _NoTemplateError(f"something behind `{first}`")
        else:
            self._pipeline(tokens)

    def _begin(self, word: str, rest: list[Token]) -> None:
        if len(self._blocks) >= DEEPEST:
            raise _NoTemplateError(f"blocks in blocks, more than {DEEPEST}")
        turns = 1
        if word in ("define", "block"):
            name = _name(rest)
            if word == "block":
                self._defined[self._within[-1]][name] += self._around()
            self._defined.setdefault(name, Counter())
            self._within.append(name)
            rest = rest[1:]
        if word == "range":
            self.loops += 1
            turns = self._turns(rest)
            around = turns * self._around()
            if around >= MANY_TURNS:
                self.heavy[f"loops of {around} turns"] = None
        self._blocks.append((word, turns))
        self._pipeline(rest, may_be_empty=word == "define")

    def _around(self) -> int:
        """Return how often what stands here is done, as far as the template itself says so."""
        return math.prod(turns for _, turns in self._blocks)

    def _turns(self, tokens: list[Token]) -> int:
        """Return how often a loop turns, as far as the template itself says so."""
        is_length = ("word", "len") in tokens
        found = [1]
        for kind, text in tokens:
            if kind == "number":
                found.append(_number(text))
            elif kind == "variable":
                found.append(self._numbers.get(text, 1))
            elif kind == "string" and is_length:
                found.append(len(text))
        return max(found)

    def _pipeline(self, tokens: list[Token], *, may_be_empty: bool = False) -> None:
        if not tokens and not may_be_empty:
            raise _NoTemplateError("an action without anything in it")
        depth, before = 0, ""
        for kind, text in tokens:
            if kind == "word" and text not in FUNCTIONS and text not in ("true", "false", "nil"):
                raise _NoTemplateError(f"Ollama has no function `{text[:40]}`")
            if kind == "field":
                self.fields[text[1:]] = None
            if text == "call" and kind == "word":
                self.calls["<computed>"] = None
            if kind == "string" and _WIDE.search(text):
                self.heavy["a text format of enormous width"] = None
            if kind == "field" and before in ("word", "string", "number"):
                raise _NoTemplateError(f"`{text[:40]}` is a field of nothing")
            depth += {"(": 1, ")": -1}.get(text, 0) if kind == "sign" else 0
            if depth < 0:
                break
            before = kind
        if depth:
            raise _NoTemplateError("brackets that do not match")
        self._assignment([one for one in tokens if one[0] != "space"])

    def _assignment(self, tokens: list[Token]) -> None:
        if len(tokens) < 3 or tokens[0][0] != "variable" or tokens[1][1] not in (":=", "="):
            return
        name, value = tokens[0][1], tokens[2:]
        numbers = [_number(text) for kind, text in value if kind == "number"]
        numbers += [self._numbers[text] for kind, text in value if kind == "variable" and text in self._numbers]
        if ("word", "len") in value:
            numbers += [len(text) for kind, text in value if kind == "string"]
        if numbers:
            self._numbers[name] = max(*numbers, self._numbers.get(name, 0))
        if sum(one == ("variable", name) for one in value) > 1:
            self._doublings += self._around()

    def _check_names(self) -> None:
        """Check that each template that is called is there, and how much all that it calls comes to."""
        sizes: dict[str, int] = {}
        waiting = list(self._defined)
        under_way: set[str] = set()
        while waiting:
            name = waiting[-1]
            called = self._defined[name]
            for one in called:
                if one not in self._defined:
                    raise _NoTemplateError(f"there is no template {one[:40]}")
            missing = [one for one in called if one not in sizes]
            if name not in sizes and missing and name not in under_way:
                under_way.add(name)
                waiting += missing
                continue
            if missing and name not in sizes:
                self.heavy["a template that calls itself"] = None
            sizes[name] = 1 + sum(min(sizes.get(one, 1), MANY_TURNS) * times for one, times in called.items())
            under_way.discard(waiting.pop())
        if max(sizes.values()) >= MANY_TURNS:
            self.heavy["templates that call each other millions of times"] = None


class _NoTemplateError(Exception):
    """The text is no template; why."""


def _tokens(text: str, at: int) -> tuple[list[Token], int]:
    """Return what stands in an action, and where the text goes on behind it."""
    found: list[Token] = []
    while True:
        closed = _CLOSE.match(text, at)
        if closed is not None:
            return _without_spaces(found), closed.end()
        token = _TOKEN.match(text, at)
        if token is None or token.lastgroup is None:
            raise _NoTemplateError(
                f"nothing is written so: {text[at : at + 20]!r}" if at < len(text) else "an open action"
            )
        found.append((token.lastgroup, token[0]))
        at = token.end()


def _without_spaces(tokens: list[Token]) -> list[Token]:
    """Leave out spaces, but for those before a field: `len .System` is a call, `len.System` is nothing."""
    kept: list[Token] = []
    for number, one in enumerate(tokens):
        follows = tokens[number + 1][0] if number + 1 < len(tokens) else ""
        if one[0] != "space" or (kept and follows == "field"):
            kept.append(one)
    return kept


def _name(tokens: list[Token]) -> str:
    if not tokens or tokens[0][0] != "string":
        raise _NoTemplateError("a template without a name")
    return tokens[0][1]


def _number(text: str) -> int:
    digits = re.sub(r"[_+-]", "", text)
    if digits.isdecimal() and len(digits) <= LONGEST_NUMBER:
        return int(digits)
    # 1.5 is no number of turns; 0xff, 1e9, 1_000: nobody writes those in a template.
    return 1 if re.fullmatch(r"\d+\.\d+", digits) else 10**LONGEST_NUMBER
