"""The query language of pages, API and command line: `kind:weights AND (severity:>=high OR license:unclear) -host:ci`.

In: text. Out: a tree of terms, and text again. It knows no field and no table; both come later, from whoever asks.

Grammar, in words of one another (AND binds tighter than OR, and is what a space means):

    query := all ("OR" all)*        all := one (["AND"] one)*
    one   := "NOT" one | "-" term | "(" query ")" | term
    term  := [field ":"] value | field ":" "(" value ("OR" value)* ")"
    value := [">" | ">=" | "<" | "<="] word | word ".." word | word          word := bare | quoted
"""

import re
from enum import StrEnum

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

LONGEST = 2000
"""Characters of a query."""
MOST_TERMS = 100
DEEPEST = 20
"""Parentheses and NOTs inside one another."""

_TOKEN = re.compile(r"""\s+|(?P<open>\()|(?P<close>\))|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<bare>[^\s()"]+)""", re.DOTALL)
_FIELD = re.compile(r"(?P<minus>-?)(?P<field>[a-z][a-z0-9_.-]{0,40}):(?P<rest>.*)", re.DOTALL)
_OPERATOR = re.compile(r"(?P<operator>>=|<=|>|<)?(?P<rest>.*)", re.DOTALL)
_PLAIN_WORD = re.compile(r"[^\s()\":-][^\s()\":]*")
_PLAIN_VALUE = re.compile(r"[^\s()\"<>][^\s()\"]*")
_PLACE = re.compile(r"\(character (\d{1,6}) of the query\)$")
_UNUSABLE = re.compile("[\\x00\\ud800-\\udfff]")
"""What a database does not store."""
_WORDS = frozenset({"AND", "OR", "NOT"})
_HINT = 'a query is field:value, AND, OR, NOT and (...); put a value with spaces in "quotes"'


class Operator(StrEnum):
    """How a value is compared."""

    IS = ""
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    BETWEEN = ".."


@record
class Term:
    """One comparison; `field` is None for a word that may be anywhere. `at`: where it begins in the query."""

    field: str | None
    operator: Operator = Operator.IS
    value: str
    upper: str = ""
    exact: bool = False
    """It was quoted: `*` is a star and `..` two dots."""
    at: int = 0


@record
class Not:
    """What does not match its part."""

    part: "Node"


@record
class All:
    """What matches every part. Without parts: everything."""

    parts: "tuple[Node, ...]"


@record
class Either:
    """What matches at least one part."""

    parts: "tuple[Node, ...]"


Node = Term | Not | All | Either


@record
class _Token:
    kind: str
    text: str
    at: int


def parse(text: str) -> Node:
    """Return the tree of a query; an empty one matches everything.

    Raises WeighbridgeError E-query, with the place, for what is no query.
    """
    if len(text) > LONGEST:
        raise refused(f"the query has {len(text)} characters, and {LONGEST} are the most", 0)
    unusable = _UNUSABLE.search(text)
    if unusable:
        raise refused(
            "a character that no name holds", unusable.start(), "type the query anew; copied text may hide it"
        )
    parser = _Parser(_tokens(text))
    if parser.peek() is None:
        return All(parts=())
    node = parser.either(0)
    left = parser.peek()
    if left is not None:
        raise refused("a closing parenthesis has no opening one", left.at)
    return node


def text_of(node: Node) -> str:
    """Return a query that `parse` reads as this tree again."""
    match node:
        case Term():
            return _term_text(node)
        case Not(part=part):
            return f"NOT {_inner(part)}"
        case All(parts=parts):
            return " ".join(_inner(part) for part in parts)
        case Either(parts=parts):
            return " OR ".join(f"({text_of(part)})" if isinstance(part, Either) else text_of(part) for part in parts)


def refused(sentence: str, at: int, hint: str = _HINT) -> WeighbridgeError:
    """Return the error for a query that cannot be read at character `at`, counted from 0."""
    return WeighbridgeError("E-query", f"{sentence} (character {at + 1} of the query)", hint)


def place_in(message: str) -> int | None:
    """Return at which character of its query, counted from 0, an error of `refused` is; None if it does not say."""
    found = _PLACE.search(message)
    return None if found is None else int(found[1]) - 1


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._terms = 0

    def peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def either(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while self._word("OR"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Either(parts=tuple(parts))

    def _all(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while (token := self.peek()) is not None and token.kind != "close" and not self._is("OR"):
            self._word("AND")
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else All(parts=tuple(parts))

    def _one(self, depth: int) -> Node:
        token = self.peek()
        if depth > DEEPEST:
            raise refused(f"more than {DEEPEST} parentheses or NOTs inside one another", token.at if token else 0)
        if token is None:
            raise refused("the query ends where a term should follow", self._tokens[-1].at)
        self._at += 1
        if token.kind == "open":
            node = self.either(depth + 1)
            self._close(token)
            return node
        if token.kind == "close" or token.text in ("AND", "OR"):
            raise refused(f"`{token.text}` stands where a term should", token.at)
        if token.kind == "bare" and token.text == "NOT":
            return Not(part=self._one(depth + 1))
        return self._term(token, depth)

    def _term(self, token: _Token, depth: int) -> Node:
        found = _FIELD.fullmatch(token.text) if token.kind == "bare" else None
        if found is None:
            if token.kind == "bare" and token.text.startswith("-") and len(token.text) > 1:
                return Not(part=self._made(None, token.text[1:], token.at))
            if token.text == "-":
                return Not(part=self._one(depth + 1))
            return self._made(None, token.text, token.at)
        node = self._values(found["field"], found["rest"], token)
        return Not(part=node) if found["minus"] else node

    def _values(self, field: str, rest: str, token: _Token) -> Node:
        following = self.peek()
        touches = following is not None and following.at == token.at + len(token.text)
        if rest in ("", ">", ">=", "<", "<=") and following is not None and touches:
            self._at += 1
            if following.kind == "quoted":
                return self._made(field, rest + following.text, token.at)
            if following.kind == "open" and not rest:
                values = [self._listed(field)]
                while self._word("OR"):
                    values.append(self._listed(field))
                self._close(following)
                return values[0] if len(values) == 1 else Either(parts=tuple(values))
        return self._made(field, rest, token.at)

    def _listed(self, field: str) -> Node:
        token = self.peek()
        if token is None or token.kind not in ("bare", "quoted") or token.text in _WORDS:
            raise refused(f"a value of `{field}` is missing", token.at if token else self._tokens[-1].at)
        self._at += 1
        return self._made(field, token.text, token.at)

    def _made(self, field: str | None, text: str, at: int) -> Node:
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise refused(f"more than {MOST_TERMS} terms", at)
        found = _OPERATOR.fullmatch(text)
        operator, value = (found["operator"], found["rest"]) if field and found and found["operator"] else ("", text)
        if value.startswith('"'):
            return Term(field=field, operator=Operator(operator), value=_unquoted(value), exact=True, at=at)
        if not value:
            raise refused(f"a value of `{field}` is missing" if field else "a word is missing", at)
        lower, dots, upper = value.partition("..")
        if field and dots and lower and upper and not operator:
            return Term(field=field, operator=Operator.BETWEEN, value=lower, upper=upper, at=at)
        return Term(field=field, operator=Operator(operator), value=value, at=at)

    def _close(self, opening: _Token) -> None:
        token = self.peek()
        if token is None or token.kind != "close":
            raise refused("a parenthesis is not closed", opening.at)
        self._at += 1

    def _is(self, word: str) -> bool:
        token = self.peek()
        return token is not None and token.kind == "bare" and token.text == word

    def _word(self, word: str) -> bool:
        found = self._is(word)
        self._at += found
        return found


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise refused("a quotation mark is not closed", at)
        if found.lastgroup is not None:
            tokens.append(_Token(kind=found.lastgroup, text=found[0], at=at))
        at = found.end()
    return tokens


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _term_text(term: Term) -> str:
    if term.operator is Operator.BETWEEN:
        return f"{term.field}:{term.value}..{term.upper}"
    pattern = _PLAIN_WORD if term.field is None else _PLAIN_VALUE
    plain = not term.exact and pattern.fullmatch(term.value) is not None and term.value not in _WORDS
    value = term.value if plain else _quoted(term.value)
    return value if term.field is None else f"{term.field}:{term.operator}{value}"


def _inner(node: Node) -> str:
    return _term_text(node) if isinstance(node, Term) else f"({text_of(node)})"
