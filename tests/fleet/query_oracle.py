"""What a query means, in Python: the same tree over plain values, to hold the SQL to."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from hypothesis import strategies as st

from weighbridge.fleet.query_fields import Condition, Field, FieldKind, condition
from weighbridge.fleet.query_syntax import All, Either, Node, Not, Operator, Term

Row = Mapping[str, object]
"""Value of each field; a list where several rows of another table count, of which one must fit."""


def fits(node: Node, row: Row, words: Sequence[str], fields: Mapping[str, Field], now: datetime) -> bool:
    """Tell whether a row is what a query wants; `words`: what a bare word is looked for in."""
    match node:
        case Term(field=None):
            return any(node.value.lower() in word.lower() for word in words)
        case Term():
            asked = condition(node, fields, now)
            found = row[asked.field]
            return any(_fits(asked, one) for one in (found if isinstance(found, list) else [found]))
        case Not(part=part):
            return not fits(part, row, words, fields, now)
        case All(parts=parts):
            return all(fits(part, row, words, fields, now) for part in parts)
        case Either(parts=parts):
            return any(fits(part, row, words, fields, now) for part in parts)


def _fits(asked: Condition, found: object) -> bool:
    value = asked.value
    if found is None:
        return False
    match asked.kind:
        case FieldKind.CHOICE:
            return isinstance(value, tuple) and found in value
        case FieldKind.TEXT:
            return all(word.lower() in str(found).lower() for word in str(value).split())
        case FieldKind.KEYWORD:
            parts = str(value).lower().split("*") if asked.pattern else [str(value).lower()]
            return re.fullmatch(".*".join(map(re.escape, parts)), str(found).lower(), re.DOTALL) is not None
        case FieldKind.DIGEST:
            return str(found).startswith(str(value))
        case FieldKind.BOOLEAN:
            return bool(found) is value
        case _:
            return _ordered(asked, found)


def _ordered(asked: Condition, found: object) -> bool:
    at, value = int(str(found)), int(str(asked.value))
    match asked.operator:
        case Operator.ABOVE:
            return at > value
        case Operator.AT_LEAST:
            return at >= value
        case Operator.BELOW:
            return at < value
        case Operator.AT_MOST:
            return at <= value
        case Operator.BETWEEN:
            return value <= at <= int(str(asked.upper))
        case _:
            return at == value


def queries(terms: Mapping[str, Sequence[str]], words: Sequence[str]) -> st.SearchStrategy[str]:
    """Return random queries. `terms`: values worth asking for, by field."""
    plain = [f"{field}:{value}" for field, values in terms.items() for value in values]
    one = st.sampled_from([*plain, *words])

    def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(inner, min_size=1, max_size=3)
        return (
            several.map(lambda parts: f"({' '.join(parts)})")
            | several.map(lambda parts: f"({' OR '.join(parts)})")
            | inner.map(lambda part: f"NOT {part}")
        )

    return st.just("") | st.recursive(one, joined, max_leaves=6).map(
        lambda text: text[1:-1] if text.startswith("(") and text.count("(") == 1 else text
    )
