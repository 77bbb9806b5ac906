"""Roads to records: ranges of an index that hold every row a query wants, and which of them a query allows.

What a query says with AND, at its top, narrows it. Its digests, its kinds and its times are ranges of an index; what it
says of endpoints is asked of the endpoints first, and few of them are ranges of the table's own key.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, literal, select, tuple_

from weighbridge.fleet import listed_records
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.query_fields import Condition, condition
from weighbridge.fleet.query_sql import where
from weighbridge.fleet.query_syntax import All, Either, Node, Not, Operator, Term, refused
from weighbridge.fleet.record_cursor import At, Place
from weighbridge.fleet.records import RECORD_DIGESTS, RECORDS
from weighbridge.fleet.visible import visible

DIGEST, ENDPOINT, KIND, TIME = "digest", "endpoint", "kind", "time"
KINDS_OF_ROADS = (DIGEST, ENDPOINT, KIND, TIME)
"""From the narrowest to the widest."""
MOST_DIGESTS = 8
MOST_ENDPOINTS = 16
_FULL_DIGEST = 64
_AFTER_HEXADECIMAL = "g"
_EARLIEST, _LATEST = -(1 << 62), 1 << 62


class Span(NamedTuple):
    """From when to when records were received, both included; milliseconds since 1970."""

    first: int = _EARLIEST
    last: int = _LATEST


class Road(NamedTuple):
    """A range of an index. `name`: the digest, endpoint or kind; empty for time."""

    by: str
    name: str
    span: Span

    def keys(self, start: Place | None) -> Select[Any]:
        """Return the keys of its rows after a place, in order: `endpoint_id`, `record_index`, `received_at`."""
        table = RECORD_DIGESTS if self.by == DIGEST else RECORDS
        query = select(table.c.endpoint_id, table.c.record_index, table.c.received_at)
        if self.by == DIGEST:
            query = query.where(table.c.sha256 == self.name)
        elif self.by == ENDPOINT:
            query = query.where(table.c.endpoint_id == self.name)
        elif self.by == KIND:
            query = query.where(table.c.kind == self.name)
        query = query.order_by(*self.order(table.c))
        if self.by == ENDPOINT:  # no index has an endpoint's records by time: what is too young is passed over
            return query if start is None else query.where(table.c.record_index < start.record_index)
        if self.span.first > _EARLIEST:
            query = query.where(table.c.received_at >= self.span.first)
        last = self.span.last if start is None else min(self.span.last, start.received_at)
        if last < _LATEST:
            query = query.where(table.c.received_at <= last)
        if start is None:
            return query
        place = tuple_(table.c.received_at, table.c.endpoint_id, table.c.record_index)
        return query.where(place < tuple_(*(literal(value) for value in start)))

    def order(self, columns: Any) -> tuple[ColumnElement[Any], ...]:  # noqa: ANN401  (of a table or a subquery)
        """Return the order of the list. A ledger's own order is that of its indexes, whatever clocks did."""
        if self.by == ENDPOINT:
            return (columns.record_index.desc(),)
        return columns.received_at.desc(), columns.endpoint_id.desc(), columns.record_index.desc()


def chosen(connection: Connection, scope: Scope, node: Node, now: datetime) -> tuple[str, list[At]]:
    """Return the roads for a query, each from its beginning. Raises WeighbridgeError E-query."""
    parts = list(_conjuncts(node))
    for found in _any_of(parts, "digest", now):
        return DIGEST, [At(name, None) for name in _digests(connection, found)]
    endpoints = _endpoints(connection, scope, parts, now)
    if endpoints is not None:
        return ENDPOINT, [At(name, None) for name in endpoints]
    for found in _any_of(parts, "kind", now):
        if len(found) <= MOST_ENDPOINTS and not any(asked.pattern for _, asked in found):
            kinds = dict.fromkeys(str(asked.value).lower() for _, asked in found)
            return KIND, [At(name, None) for name in kinds]
    return TIME, [At("", None)]


def span(node: Node, now: datetime) -> Span:
    """Return the times that a query limits itself to."""
    first, last = Span()
    for found in _any_of(list(_conjuncts(node)), "received", now):
        if len(found) == 1:
            asked = found[0][1]
            value, upper = int(str(asked.value)), int(str(asked.upper or 0))
            match asked.operator:
                case Operator.ABOVE | Operator.AT_LEAST:
                    first = max(first, value)
                case Operator.BELOW | Operator.AT_MOST:
                    last = min(last, value)
                case Operator.BETWEEN:
                    first, last = max(first, value), min(last, upper)
                case _:
                    first, last = max(first, value), min(last, value)
    return Span(first, last)


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, All):
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _any_of(parts: Sequence[Node], field: str, now: datetime) -> Iterator[list[tuple[Term, Condition]]]:
    """Yield what is asked of a field: of each part that asks for nothing else, its terms."""
    for part in parts:
        terms = list(_terms(part))
        is_plain = isinstance(part, Term) or (
            isinstance(part, Either) and all(isinstance(one, Term) for one in part.parts)
        )
        if is_plain and all(term.field == field for term in terms):
            yield [(term, condition(term, listed_records.FIELDS, now)) for term in terms]


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case Term():
            yield node
        case Not(part=part):
            yield from _terms(part)
        case All(parts=parts) | Either(parts=parts):
            for part in parts:
                yield from _terms(part)


def _digests(connection: Connection, found: list[tuple[Term, Condition]]) -> list[str]:
    """Return the digests that these mean; each step of a beginning is one look into the index."""
    names: dict[str, None] = {}
    for term, asked in found:
        value = str(asked.value)
        if len(value) == _FULL_DIGEST:
            names[value] = None
            continue
        last, column = value, RECORD_DIGESTS.c.sha256
        while len(names) <= MOST_DIGESTS:
            beyond = column >= last if last == value else column > last
            query = select(column).where(beyond, column < value + _AFTER_HEXADECIMAL).order_by(column).limit(1)
            following = connection.execute(query).scalar()
            if following is None:
                break
            names[following] = None
            last = following
        if len(names) > MOST_DIGESTS:
            raise refused(f"more than {MOST_DIGESTS} digests begin like this in records", term.at, "give more of it")
    if len(names) > MOST_DIGESTS:
        raise refused(f"more than {MOST_DIGESTS} digests at once in records", found[0][0].at, "ask in parts")
    return list(names)


def _endpoints(connection: Connection, scope: Scope, parts: Sequence[Node], now: datetime) -> list[str] | None:
    """Return the endpoints that a query and its viewer are limited to; None if they are many, or all."""
    asked = [part for part in parts if {term.field for term in _terms(part)} <= listed_records.OF_ENDPOINT]
    asked = [part for part in asked if list(_terms(part))]
    if not asked and scope == EVERYTHING:
        return None
    conditions = [where(part, listed_records.of_endpoint(), now) for part in asked]
    query = select(ENDPOINTS.c.endpoint_id).where(visible(ENDPOINTS, scope), *conditions).limit(MOST_ENDPOINTS + 1)
    found = list(connection.execute(query.order_by(ENDPOINTS.c.endpoint_id)).scalars())
    return found if len(found) <= MOST_ENDPOINTS else None
