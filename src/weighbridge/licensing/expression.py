"""License expressions in declarations: `Apache-2.0 OR MIT`, `mit AND cc-by-nc-4.0`.

Source: SPDX specification 3.0.1, annex "SPDX license expressions". Only the operators are read here; names are the
table's business. A library of its own for this costs more to load than a scan takes, and knows fewer of the names.
"""

import re

from weighbridge.model.record import record

_TOKEN = re.compile(r"[()]|[^()\s]+")
_OPERATORS = frozenset({"and", "or", "with"})
_SEPARATED = re.compile(r"\s*[,;&]\s*|\s+/\s+")
ADDS_PERMISSION = frozenset({
    "autoconf-exception-2.0", "autoconf-exception-3.0", "bison-exception-2.2", "bootloader-exception",
    "classpath-exception-2.0", "font-exception-2.0", "gcc-exception-2.0", "gcc-exception-3.1",
    "lgpl-3.0-linking-exception", "libtool-exception", "linux-syscall-note", "llgpl", "llvm-exception",
    "ocaml-lgpl-linking-exception", "openjdk-assembly-exception-1.0", "qt-gpl-exception-1.0",
    "qt-lgpl-exception-1.1", "swift-exception", "u-boot-exception-2.0", "universal-foss-exception-1.0",
    "wxwindows-exception-3.1",
})  # fmt: skip
"""Ids of the SPDX exception list whose texts permit more than the license and take nothing back."""
MOST_TOKENS = 64
DEEPEST = 8


@record
class Expression:
    """A license name, or several joined by an operator."""

    name: str = ""
    """Of a license; empty for a join."""
    operator: str = ""
    """`and`, `or`, `with`."""
    parts: tuple["Expression", ...] = ()


def parse(text: str) -> Expression | None:
    """Return the expression in `text`; None if it is none: one name, a broken expression, or too large a one.

    Names that are listed (`mit, apache-2.0`) all hold, because nobody said that one may choose.
    """
    tokens = _TOKEN.findall(_SEPARATED.sub(" and ", text))
    if len(tokens) > MOST_TOKENS or not any(token.lower() in _OPERATORS for token in tokens):
        return None
    try:
        expression, rest = _joined(tokens, 0)
    except (IndexError, ValueError):
        return None
    return expression if not rest and expression.operator else None


def _joined(tokens: list[str], depth: int) -> tuple[Expression, list[str]]:
    """Read alternatives of conjunctions; `and` binds closer than `or`."""
    if depth > DEEPEST:
        raise ValueError("too deep")
    part, tokens = _conjunction(tokens, depth)
    parts = [part]
    while tokens and tokens[0].lower() == "or":
        part, tokens = _conjunction(tokens[1:], depth)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Expression(operator="or", parts=tuple(parts))), tokens


def _conjunction(tokens: list[str], depth: int) -> tuple[Expression, list[str]]:
    part, tokens = _single(tokens, depth)
    parts = [part]
    while tokens and tokens[0].lower() == "and":
        part, tokens = _single(tokens[1:], depth)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Expression(operator="and", parts=tuple(parts))), tokens


def _single(tokens: list[str], depth: int) -> tuple[Expression, list[str]]:
    if tokens[0] == "(":
        inner, rest = _joined(tokens[1:], depth + 1)
        if rest[0] != ")":
            raise ValueError("a parenthesis is not closed")
        return inner, rest[1:]
    words = []
    while tokens and tokens[0].lower() not in _OPERATORS and tokens[0] not in ("(", ")"):
        words.append(tokens[0])
        tokens = tokens[1:]
    if not words:
        raise ValueError("an operator without a name")
    name = Expression(name=" ".join(words))
    if tokens and tokens[0].lower() == "with":
        exception, tokens = _single(tokens[1:], depth + 1)
        return Expression(operator="with", parts=(name, exception)), tokens
    return name, tokens
