"""Queries as SQL: a tree of terms over a table's columns becomes one WHERE expression, the same on both stores.

Values are always bound, never part of the text of a statement; stars and percent signs in them are escaped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, false, func, not_, or_, true

from weighbridge.fleet.query_fields import Condition, Field, FieldKind, condition
from weighbridge.fleet.query_syntax import All, Either, Node, Not, Operator, Term, refused
from weighbridge.model.record import record

Column = ColumnElement[Any]
Predicate = Callable[[Column], ColumnElement[bool]]
CLAIMED = "claimed:"
_ESCAPE = "\\"
_FULL_DIGEST = 64
_AFTER_HEXADECIMAL = "g"


@record
class Searched:
    """What a query may ask of one table.

    `columns`: a field's column. `within`: for a field that lives in another table, what turns a comparison with a
    column there into one of this table (an EXISTS), beside that column. `words`: what a bare word is looked for in.
    """

    fields: Mapping[str, Field]
    columns: Mapping[str, Column]
    within: Mapping[str, Predicate]
    words: Sequence[Column]
    claimed: frozenset[str] = frozenset()
    """Fields of digests whose column has `claimed:` before one that was not measured."""
    ranks: Mapping[str, Column] = field(default_factory=dict)
    """For a field of choices: a column with the place of its value among them, 0 for the first and for any other."""


def where(node: Node, searched: Searched, now: datetime) -> ColumnElement[bool]:
    """Return the condition on a row. Raises WeighbridgeError E-query: no such field, or no value of it."""
    match node:
        case Term(field=None):
            if not searched.words:
                raise refused("a word without a field means nothing here", node.at)
            return or_(*(_contains(column, node.value) for column in searched.words))
        case Term():
            return _compared(condition(node, searched.fields, now), searched)
        case Not(part=part):
            return not_(func.coalesce(where(part, searched, now), false()))
        case All(parts=parts):
            return and_(true(), *(where(part, searched, now) for part in parts))
        case Either(parts=parts):
            return or_(false(), *(where(part, searched, now) for part in parts))


def _compared(asked: Condition, searched: Searched) -> ColumnElement[bool]:
    column = searched.columns[asked.field]
    found = _ranked(asked, searched)
    if found is None:
        found = _on(column, asked)
    if asked.field in searched.claimed:
        found = or_(found, _digest(column, str(asked.value), CLAIMED))
    within = searched.within.get(asked.field)
    return found if within is None else within(found)


def _ranked(asked: Condition, searched: Searched) -> ColumnElement[bool] | None:
    """Return choices as a range of their ranks, which an index in the order of a list serves; None if it is none."""
    choices, rank = searched.fields[asked.field].choices, searched.ranks.get(asked.field)
    if rank is None or not isinstance(asked.value, tuple) or not asked.value or choices[0] in asked.value:
        return None
    places = [choices.index(one) for one in asked.value]
    if places[-1] == len(choices) - 1:
        return _truth(rank >= places[0])
    return _truth(rank.between(places[0], places[-1]))


def _on(column: Column, asked: Condition) -> ColumnElement[bool]:
    value: Any = asked.value
    match asked.kind:
        case FieldKind.CHOICE:
            return _truth(column.in_(value))
        case FieldKind.TEXT:
            return and_(true(), *(_contains(column, word) for word in str(value).split()))
        case FieldKind.KEYWORD:
            if asked.pattern:
                return _like(column, _escaped(value).replace("*", "%"))
            return _truth(func.lower(column) == func.lower(value))
        case FieldKind.DIGEST:
            return _digest(column, value)
        case FieldKind.BOOLEAN:
            # As it stands, so that an index on what holds answers: these columns are never NULL.
            return column if value else not_(column)
        case _:
            return _ordered(column, asked)


def _digest(column: Column, value: str, before: str = "") -> ColumnElement[bool]:
    if len(value) == _FULL_DIGEST:
        return _truth(column == before + value)
    # A range, so that the index on the digest answers for its beginning, too.
    return and_(column >= before + value, column < before + value + _AFTER_HEXADECIMAL)


def _ordered(column: Column, asked: Condition) -> ColumnElement[bool]:
    value: Any = asked.value
    match asked.operator:
        case Operator.ABOVE:
            return _truth(column > value)
        case Operator.AT_LEAST:
            return _truth(column >= value)
        case Operator.BELOW:
            return _truth(column < value)
        case Operator.AT_MOST:
            return _truth(column <= value)
        case Operator.BETWEEN:
            return _truth(column.between(value, asked.upper))
        case _:
            return _truth(column == value)


def _contains(column: Column, word: str) -> ColumnElement[bool]:
    return _like(cast(column, String), f"%{_escaped(word)}%")


def _like(column: Column, pattern: str) -> ColumnElement[bool]:
    # The store lowers both sides: what a capital letter is differs between stores and Python.
    return _truth(func.lower(column).like(func.lower(pattern), escape=_ESCAPE))


def _truth(expression: Any) -> ColumnElement[bool]:  # noqa: ANN401  (whatever a column of any type gives)
    """Tell the type checker what a comparison of columns of any type is."""
    found: ColumnElement[bool] = expression
    return found


def _escaped(text: str) -> str:
    return text.replace(_ESCAPE, _ESCAPE * 2).replace("%", _ESCAPE + "%").replace("_", _ESCAPE + "_")
