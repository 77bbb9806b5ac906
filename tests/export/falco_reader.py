"""A reader of Falco rules and conditions, strict where Falco is: keys, fields, operators, parentheses, macros.

Written from Falco's documentation ("Rules", "Conditions", "Supported Fields").
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

FIELDS = {
    *("evt.type", "evt.time", "evt.is_open_read", "evt.is_open_write", "fd.name", "user.name"),
    *("proc.name", "proc.pid", "proc.cmdline", "proc.exepath"),
}
_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\["\\])*")|(?P<mark>[(),]|=|!=)|(?P<word>[A-Za-z0-9_.\-/]+))', re.ASCII
)
_COMPARES: dict[str, Callable[[str, str], bool]] = {
    "=": str.__eq__,
    "!=": str.__ne__,
    "contains": str.__contains__,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "glob": fnmatchcase,
}
PRIORITIES = {
    *("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG"),
}


def check(items: list[dict[str, Any]]) -> None:
    """Raise AssertionError if Falco would refuse these items."""
    macros: dict[str, str] = {}
    names: set[str] = set()
    assert re.fullmatch(r"\d+\.\d+\.\d+", items[0]["required_engine_version"])
    for item in items[1:]:
        if "macro" in item:
            assert set(item) == {"macro", "condition"}
            Condition(item["condition"], macros).read()
            macros[item["macro"]] = item["condition"]
            continue
        assert set(item) == {"rule", "desc", "condition", "output", "priority", "tags"}
        assert item["rule"] not in names
        names.add(item["rule"])
        Condition(item["condition"], macros).read()
        assert item["priority"] in PRIORITIES
        assert set(re.findall(r"%([a-z_.]+[a-z])", item["output"])) <= FIELDS


class Condition:
    """Reads `or` of `and` of `not` of comparisons, macros and parentheses, and tells whether they hold."""

    def __init__(self, text: str, macros: dict[str, str], event: dict[str, str] | None = None) -> None:
        self._tokens = _tokens(text)
        self._macros = macros
        self._event = event or {}
        self._at = 0

    def read(self) -> bool:
        """Return whether the condition holds for the event; of an empty event, that it is a condition at all."""
        holds = self._alternatives()
        assert self._at == len(self._tokens), self._tokens[self._at :]
        return holds

    def _alternatives(self) -> bool:
        holds = self._all()
        while self._next("or"):
            holds = self._all() or holds
        return holds

    def _all(self) -> bool:
        holds = self._one()
        while self._next("and"):
            holds = self._one() and holds
        return holds

    def _one(self) -> bool:
        if self._next("not"):
            return not self._one()
        if self._next("("):
            holds = self._alternatives()
            assert self._next(")")
            return holds
        word = self._take()
        if word in self._macros:
            return Condition(self._macros[word], self._macros, self._event).read()
        assert word in FIELDS, f"{word} is no field and no macro"
        value = self._event.get(word, "")
        operator = self._take()
        if operator == "in":
            assert self._next("(")
            listed = [_plain(self._take())]
            while self._next(","):
                listed.append(_plain(self._take()))
            assert self._next(")")
            return value in listed
        return _COMPARES[operator](value, _plain(self._take()))

    def _next(self, token: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += found
        return found

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]


def _plain(token: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", token[1:-1]) if token.startswith('"') else token


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while text[position:].strip():
        token = _TOKEN.match(text, position)
        assert token is not None, text[position : position + 40]
        found.append(token[0].strip())
        position = token.end()
    return found
