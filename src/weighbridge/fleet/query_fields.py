"""What may be asked for: fields with a kind, and what a term means in such a field.

In: a term of `query_syntax` and the fields of a table. Out: a typed condition. Sizes are read as `10GB` (10^9 each) or
`10GiB` (2^30), times as `2026-11-21`, `2026-11-21T08:00Z` or `now`, and as an age: `seen:7d` and `seen:<7d` mean the
last seven days, `seen:>7d` is longer ago (also m, h, w).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from weighbridge.fleet.query_syntax import Operator, Term, refused
from weighbridge.model.record import record
from weighbridge.policy.nearest import did_you_mean

_AGO = re.compile(r"(\d{1,6})(m|h|d|w)")
_AGES = {
    Operator.IS: Operator.AT_LEAST,
    Operator.ABOVE: Operator.BELOW,
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.BELOW: Operator.ABOVE,
    Operator.AT_MOST: Operator.AT_LEAST,
}
"""Older is earlier."""
_AGO_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SIZE = re.compile(r"(\d{1,18})(?:\.(\d{1,6}))?\s*([KMGT]?)(i?)B?", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,18}")
_DIGEST = re.compile(r"(?:sha256[:-])?([0-9a-f]{4,64})", re.IGNORECASE)
_LONGEST_VALUE = 500


class FieldKind(StrEnum):
    """What a field holds, and so how it is compared."""

    KEYWORD = "keyword"
    """A short name: equal, or with `*` for any characters; letters' case does not matter."""
    TEXT = "text"
    """A sentence: contains the words."""
    DIGEST = "digest"
    """SHA-256 in hexadecimal; its first four characters or more."""
    NUMBER = "number"
    SIZE = "size"
    """Bytes."""
    TIME = "time"
    """Milliseconds since 1970, as the server stores them; a query says it to the second or the day."""
    CHOICE = "choice"
    """One of a list in ascending order, so that `>=high` means something."""
    BOOLEAN = "boolean"


@record
class Field:
    """One thing that may be asked for. `choices` in ascending order; `about`: one line for people."""

    kind: FieldKind
    about: str
    choices: tuple[str, ...] = ()


Value = str | int | bool | tuple[str, ...]


@record
class Condition:
    """A term as its field reads it: `value` in the field's own type; a tuple is any of."""

    field: str
    kind: FieldKind
    operator: Operator
    value: Value
    upper: Value = ""
    pattern: bool = False
    """`value` has a star that stands for any characters."""


def condition(term: Term, fields: Mapping[str, Field], now: datetime) -> Condition:
    """Return what a term with a field means. Raises WeighbridgeError E-query: no such field, or no such value."""
    name = term.field or ""
    field = fields.get(name)
    if field is None:
        raise refused(f"there is no field `{name}` here", term.at, did_you_mean(name, fields))
    if len(term.value) > _LONGEST_VALUE:
        raise refused(f"a value of `{name}` has more than {_LONGEST_VALUE} characters", term.at)
    ordered = field.kind in (FieldKind.NUMBER, FieldKind.SIZE, FieldKind.TIME, FieldKind.CHOICE)
    if term.operator is not Operator.IS and not ordered:
        if term.operator is Operator.BETWEEN:  # two dots mean nothing in a name
            term = Term(field=name, value=f"{term.value}..{term.upper}", at=term.at)
        else:
            raise refused(f"`{name}` has no order, so `{term.operator}` does not apply", term.at)
    if field.kind is FieldKind.CHOICE:
        return _choice(term, name, field)
    value = _value(term, term.value, name, field, now)
    if term.operator is Operator.BETWEEN:
        upper = _value(term, term.upper, name, field, now, end=True)
        if _is_age(term.value, field) and isinstance(value, int) and isinstance(upper, int):
            value, upper = min(value, upper), max(value, upper)  # the smaller age is the later time
        return Condition(field=name, kind=field.kind, operator=term.operator, value=value, upper=upper)
    if _is_age(term.value, field):
        return Condition(field=name, kind=field.kind, operator=_AGES[term.operator], value=value)
    whole_day = field.kind is FieldKind.TIME and "T" not in term.value and "-" in term.value
    if whole_day and term.operator in (Operator.IS, Operator.ABOVE, Operator.AT_MOST):
        last = _value(term, term.value, name, field, now, end=True)
        if term.operator is Operator.IS:
            return Condition(field=name, kind=field.kind, operator=Operator.BETWEEN, value=value, upper=last)
        value = last
    pattern = field.kind is FieldKind.KEYWORD and "*" in term.value and not term.exact
    return Condition(field=name, kind=field.kind, operator=term.operator, value=value, pattern=pattern)


def _choice(term: Term, name: str, field: Field) -> Condition:
    wanted = _one_of(term, term.value, name, field)
    at = field.choices.index(wanted)
    match term.operator:
        case Operator.ABOVE:
            values = field.choices[at + 1 :]
        case Operator.AT_LEAST:
            values = field.choices[at:]
        case Operator.BELOW:
            values = field.choices[:at]
        case Operator.AT_MOST:
            values = field.choices[: at + 1]
        case Operator.BETWEEN:
            values = field.choices[at : field.choices.index(_one_of(term, term.upper, name, field)) + 1]
        case _:
            values = (wanted,)
    return Condition(field=name, kind=field.kind, operator=Operator.IS, value=values)


def _one_of(term: Term, text: str, name: str, field: Field) -> str:
    wanted = text.lower()
    if wanted not in field.choices:
        raise refused(f"`{name}` is never `{text}`", term.at, did_you_mean(text, field.choices))
    return wanted


def _value(term: Term, text: str, name: str, field: Field, now: datetime, *, end: bool = False) -> Value:
    match field.kind:
        case FieldKind.NUMBER:
            if _NUMBER.fullmatch(text):
                return int(text)
            raise refused(f"`{name}` is a whole number, not `{text}`", term.at)
        case FieldKind.SIZE:
            return _size(term, text, name)
        case FieldKind.TIME:
            return _time(term, text, name, now, end=end)
        case FieldKind.DIGEST:
            found = _DIGEST.fullmatch(text)
            if found:
                return found[1].lower()
            raise refused(f"`{name}` is a SHA-256: 4 to 64 of 0-9 and a-f, not `{text}`", term.at)
        case FieldKind.BOOLEAN:
            if text.lower() in ("yes", "true", "no", "false"):
                return text.lower() in ("yes", "true")
            raise refused(f"`{name}` is yes or no, not `{text}`", term.at)
        case _:
            return text


def _size(term: Term, text: str, name: str) -> int:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise refused(f"`{name}` is a size like 500MB or 4GiB, not `{text}`", term.at)
    whole, fraction, unit, binary = found.groups()
    scale: int = (1024 if binary else 1000) ** " KMGT".index(unit.upper() or " ")
    return int(whole) * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)


def _time(term: Term, text: str, name: str, now: datetime, *, end: bool) -> int:
    ago = _AGO.fullmatch(text)
    try:
        if text == "now":
            return _milliseconds(now)
        if ago:
            return _milliseconds(now - timedelta(**{_AGO_UNITS[ago[2]]: int(ago[1])}))
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        if end and "T" not in text:
            found += timedelta(days=1, milliseconds=-1)
        return _milliseconds(found)
    except (ValueError, OverflowError):
        hint = "like 2026-11-21, 2026-11-21T08:00Z, or 7d for seven days ago (m, h, d, w)"
        raise refused(f"`{name}` is a time, not `{text}`", term.at, hint) from None


def _is_age(text: str, field: Field) -> bool:
    return field.kind is FieldKind.TIME and _AGO.fullmatch(text) is not None


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp()) * 1000 + time.microsecond // 1000
