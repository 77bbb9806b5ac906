"""Rulings: what people decided about single models, as texts that they sign. Pure.

Four texts, each with metadata of its own that people sign (`ruling_metadata.py`) and a number that only grows:

- `revocations`: digests that nobody may use, signed by people. It also settles what the next one said in haste.
- `urgent`: digests that were revoked by a single key that people named for that, often the server's. It only adds:
  an endpoint keeps what it once believed of it until people settle it, so that a key for haste can forbid, never allow.
- `exceptions`: a rule or a check that does not count for one thing, for whom, until when, and who answers for it.
- `catalog`: what the catalog approved (`approvals.py`), which policies may let count as accepted.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from weighbridge.ledger.canonical import canonical

REVOCATIONS, URGENT, EXCEPTIONS, CATALOG = "revocations", "urgent", "exceptions", "catalog"
ROLES = (REVOCATIONS, URGENT, EXCEPTIONS, CATALOG)
"""In the order in which they are read."""
_IN_A_WORD = (REVOCATIONS, URGENT, EXCEPTIONS)
"""Roles whose numbers `numbers_text` has: three for good, since neighboring versions read exactly three."""
LARGEST_RULINGS = 4 << 20
"""Bytes of a text."""
MOST_RULINGS = 10_000
MOST_ENDPOINTS = 1_000
"""That one exception may name; for more it is one for the whole fleet."""
LONGEST_DAYS = 366
"""No exception is longer: somebody looks again at least once a year."""
SCHEMA = "weighbridge.{}/1"
"""Of a text, by its role."""
_Kind = TypeVar("_Kind", bound=Struct)

RulingId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Meta(min_length=1, max_length=128)]
Sentence = Annotated[str, Meta(min_length=1, max_length=500)]
Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
EndpointId = Annotated[str, Meta(pattern=r"^[a-z2-7]{16}$")]
Word = Annotated[str, Meta(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
_EMPTY = ""


class RevokedModel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A digest that nobody may use."""

    id: RulingId
    sha256: Digest
    reason: Sentence
    by: Name
    at: Day
    replacement: Annotated[str, Meta(max_length=200)] = _EMPTY
    """What to use instead: a digest, or words."""


class Revocations(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every digest that is revoked now."""

    schema: str
    number: Annotated[int, Meta(gt=0, lt=1 << 53)]
    revoked: Annotated[tuple[RevokedModel, ...], Meta(max_length=MOST_RULINGS)] = ()
    settled: Annotated[tuple[RulingId, ...], Meta(max_length=MOST_RULINGS)] = ()
    """Urgent revocations that people decided about since: they stand in `revoked`, or hold no more."""


class Exempted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule or a check that does not count for one thing: one of `rule` and `check`, one of `sha256` and `thing`."""

    id: RulingId
    rule: Annotated[str, Meta(max_length=100)] = _EMPTY
    """Id of a rule of the policy."""
    check: Annotated[str, Meta(max_length=100)] = _EMPTY
    """Id of a check, whose findings then do not count."""
    sha256: Annotated[str, Meta(max_length=64)] = _EMPTY
    thing: Annotated[str, Meta(max_length=100)] = _EMPTY
    """A runtime or what listens, by the name that rules know it by (`ollama`)."""
    owner: Name
    """Who answers for it."""
    reason: Sentence
    by: Name
    """Who granted it."""
    until: Day
    """The last day on which it holds, in UTC."""
    endpoints: Annotated[tuple[EndpointId, ...], Meta(max_length=MOST_ENDPOINTS)] | None = None
    """Where; None: everywhere in the fleet."""


class Exceptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every exception that is granted now."""

    schema: str
    number: Annotated[int, Meta(gt=0, lt=1 << 53)]
    exceptions: Annotated[tuple[Exempted, ...], Meta(max_length=MOST_RULINGS)] = ()


def revocations_text(role: str, number: int, revoked: Iterable[RevokedModel], settled: Iterable[str] = ()) -> bytes:
    """Return revocations as a text: the same ones give the same bytes everywhere.

    Args:
        role: `REVOCATIONS` or `URGENT`.
        number: one more than that of the text before.
        revoked: each digest once.
        settled: ids of urgent ones that people decided about; for `REVOCATIONS` alone.

    Raises:
        ValueError: they do not make one, or are too many; with a reason for a person.
    """
    ordered = tuple(sorted(revoked, key=lambda one: one.sha256))
    made = Revocations(schema=SCHEMA.format(role), number=number, revoked=ordered, settled=tuple(sorted(set(settled))))
    return _text(made, role)


def exceptions_text(number: int, exceptions: Iterable[Exempted]) -> bytes:
    """Return exceptions as a text. Raises ValueError as `revocations_text`."""
    ordered = tuple(sorted(exceptions, key=lambda one: one.id))
    return _text(Exceptions(schema=SCHEMA.format(EXCEPTIONS), number=number, exceptions=ordered), EXCEPTIONS)


def read_revocations(content: bytes, role: str) -> Revocations:
    """Return the revocations in a text. Raises ValueError with a reason for a person: it is none."""
    return _checked_revocations(decoded(content, Revocations), role)


def read_exceptions(content: bytes) -> Exceptions:
    """Return the exceptions in a text. Raises ValueError with a reason for a person: it is none."""
    return _checked_exceptions(decoded(content, Exceptions))


def too_long(until: str, today: date) -> bool:
    """Tell whether an exception that ends on a day is longer than anybody may grant, seen from today."""
    return date.fromisoformat(until) > today + timedelta(days=LONGEST_DAYS)


def day_of(moment: datetime) -> str:
    """Return the day of a time as texts state it."""
    return moment.date().isoformat()


def numbers_text(numbers: Mapping[str, int]) -> str:
    """Return in one word which revocations and exceptions there are, by role: `3 0 1`, in the order of `ROLES`."""
    return " ".join(str(numbers.get(role, 0)) for role in _IN_A_WORD)


def numbers_of(text: str) -> dict[str, int]:
    """Return the numbers in such a word, by role; none from any other."""
    found = _NUMBERS.fullmatch(text)
    return {} if found is None else dict(zip(_IN_A_WORD, map(int, found.groups()), strict=True))


def decoded(content: bytes, kind: type[_Kind]) -> _Kind:
    """Return the rulings in a text, of which nothing but its form is known. Raises ValueError."""
    if len(content) > LARGEST_RULINGS:
        raise ValueError(f"the text has more than {LARGEST_RULINGS >> 20} MB")
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"the text holds no rulings: {str(error)[:150]}") from None


def encoded(made: Struct) -> bytes:
    """Return rulings as a text: the same ones give the same bytes everywhere. Raises ValueError."""
    try:
        return canonical(msgspec.to_builtins(made))
    except UnicodeEncodeError:
        raise ValueError("a reason or a name is no text in UTF-8") from None


def _text(made: Revocations | Exceptions, role: str) -> bytes:
    content = encoded(made)
    if isinstance(made, Revocations):
        read_revocations(content, role)
    else:
        read_exceptions(content)
    return content


def _checked_revocations(read: Revocations, role: str) -> Revocations:
    check_schema(read.schema, role)
    if role != REVOCATIONS and read.settled:
        raise ValueError("only people settle what was urgent")
    for one in read.revoked:
        check_words(one.reason, one.by, one.replacement)
    if len({one.sha256 for one in read.revoked}) != len(read.revoked):
        raise ValueError("a digest is revoked twice")
    return read


_NUMBERS = re.compile(r"([0-9]{1,15}) ([0-9]{1,15}) ([0-9]{1,15})")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _checked_exceptions(read: Exceptions) -> Exceptions:
    check_schema(read.schema, EXCEPTIONS)
    if len({one.id for one in read.exceptions}) != len(read.exceptions):
        raise ValueError("an exception is in it twice")
    for one in read.exceptions:
        check_words(one.reason, one.by, one.owner)
        if bool(one.rule) == bool(one.check) or not _WORD.fullmatch(one.rule or one.check):
            raise ValueError(f"exception {one.id} names no rule or check, or both")
        if bool(one.sha256) == bool(one.thing):
            raise ValueError(f"exception {one.id} is for no one thing")
        if one.sha256 and not _DIGEST.fullmatch(one.sha256):
            raise ValueError(f"exception {one.id} names no SHA-256")
        if one.check and not one.sha256:
            raise ValueError(f"exception {one.id} is from a check, and for no digest")
        try:
            date.fromisoformat(one.until)
        except ValueError:
            raise ValueError(f"exception {one.id} has an end that is no day") from None
    return read


def check_words(*texts: str) -> None:
    """Refuse what no person wrote: it is shown in terminals."""
    if not all(text.isprintable() for text in texts):
        raise ValueError("a reason or a name holds characters that cannot be shown")


def check_schema(schema: str, role: str) -> None:
    """Raise ValueError if a text is not of a role."""
    if schema != SCHEMA.format(role):
        raise ValueError(f"the text is no {SCHEMA.format(role)}")
