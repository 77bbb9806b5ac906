"""A reader of Falco rules and conditions, strict where Falco is: keys, fields, operators, parentheses, macros.

Written from Falco's documentation ("Rules", "Conditions", "Supported Fields").
"""

import re
from typing import Any

FIELDS = {
    *("evt.type", "evt.time", "evt.is_open_read", "evt.is_open_write", "fd.name", "user.name"),
    *("proc.name", "proc.pid", "proc.cmdline", "proc.exepath"),
}
_TOKEN = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\]|\\["\\])*")|(?P<mark>[(),]|=|!=)|(?P<word>[A-Za-z0-9_.\-/]+))', re.ASCII
)
_COMPARES = {"=", "!=", "contains", "icontains", "startswith", "endswith"}
PRIORITIES = {
    *("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFORMATIONAL", "DEBUG"),
}


def check(items: list[dict[str, Any]]) -> None:
    """Raise AssertionError if Falco would refuse these items."""
    macros: set[str] = set()
    names: set[str] = set()
    assert re.fullmatch(r"\d+\.\d+\.\d+", items[0]["required_engine_version"])
    for item in items[1:]:
        if "macro" in item:
            assert set(item) == {"macro", "condition"}
            Condition(item["condition"], macros).read()
            macros.add(item["macro"])
            continue
        assert set(item) == {"rule", "desc", "condition", "output", "priority", "tags"}
        assert item["rule"] not in names
        names.add(item["rule"])
        Condition(item["condition"], macros).read()
        assert item["priority"] in PRIORITIES
        assert set(re.findall(r"%([a-z_.]+[a-z])", item["output"])) <= FIELDS


class Condition:
    """Reads `or` of `and` of `not` of comparisons, macros and parentheses."""

    def __init__(self, text: str, macros: set[str]) -> None:
        self._tokens = _tokens(text)
        self._macros = macros
        self._at = 0

    def read(self) -> None:
        self._alternatives()
        assert self._at == len(self._tokens), self._tokens[self._at :]

    def _alternatives(self) -> None:
        self._all()
        while self._next("or"):
            self._all()

    def _all(self) -> None:
        self._one()
        while self._next("and"):
            self._one()

    def _one(self) -> None:
        if self._next("not"):
            return self._one()
        if self._next("("):
            self._alternatives()
            assert self._next(")")
            return None
        word = self._take()
        if word in self._macros:
            return None
        assert word in FIELDS, f"{word} is no field and no macro"
        operator = self._take()
        if operator == "in":
            assert self._next("(")
            self._take()
            while self._next(","):
                self._take()
            assert self._next(")")
            return None
        assert operator in _COMPARES, operator
        self._take()
        return None

    def _next(self, token: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += found
        return found

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while text[position:].strip():
        token = _TOKEN.match(text, position)
        assert token is not None, text[position : position + 40]
        found.append(token[0].strip())
        position = token.end()
    return found
