"""The contract of targets: what a product is sent, and how it says that it could not take it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from weighbridge.fleet.export_digest import Digest
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.tickets import Ticket
from weighbridge.host.outgoing_http import Answer, Poster
from weighbridge.model.record import record

LARGEST_BODY = 512 * 1024
"""Bytes of one request, unless a single event is longer."""
_MOST_SAID = 200


class UndeliveredError(Exception):
    """What was sent was not taken.

    Args:
        reason: a few words for a person, without secrets.
        is_refused: whether it is these events that are not taken; otherwise nothing is at the moment.
        retry_after: seconds that the target asks for; 0.0 if it does not say.
    """

    def __init__(self, reason: str, *, is_refused: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_refused = is_refused
        self.retry_after = retry_after


@record
class Destination:
    """Where a target is, and how it is spoken to."""

    address: str
    """`https://...`, or `HOST:PORT`."""
    secret: str = ""
    format: str = "ocsf"
    """Of the events, where a target leaves a choice."""
    authorities: str = ""
    """Certificates in PEM that are trusted instead of the system's; empty for those."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What a kind asks for beside that, by the names of its `Target.options`; those without a value are left out."""
    console: str = ""
    """The origin of the console, for links into it; empty where there are none."""


class Option(NamedTuple):
    """Something that a kind of target asks for."""

    about: str
    pattern: str
    """A regular expression that a value fits as a whole."""
    usual: str = ""
    needed: bool = False


Send = Callable[[Destination, Sequence[Outgoing], Poster, int], Awaitable[Sequence[Ticket] | None]]
SendDigest = Callable[[Destination, Digest, Poster, int], Awaitable[None]]
Probe = Callable[[Destination, Poster], Awaitable[str]]


@record
class Target:
    """One kind of target."""

    id: str
    title: str
    send: Send
    """Send events, at a time in milliseconds since 1970; returns once all are taken, raises UndeliveredError if not.
    A tracker returns the issues that findings have."""
    address: str
    """What an address looks like."""
    needs_secret: bool = False
    secret_in_address: bool = False
    """Whether whoever knows the whole address may send."""
    one_by_one: bool = False
    """Whether each event is a message of its own, so that what was taken must not come again with what was not."""
    formats: tuple[str, ...] = ()
    """Between which there is a choice."""
    topics: tuple[str, ...] = ("record", "finding", "decision")
    """What it is sent unless somebody chooses otherwise."""
    severity: str = "info"
    """The least severity that it is sent unless somebody chooses otherwise."""
    options: Mapping[str, Option] = field(default_factory=dict)
    ends: bool = False
    """Whether it is also told that a finding is over."""
    digest: SendDigest | None = None
    """Sends many events as one message for people; None if it takes no digests."""
    probe: Probe | None = None
    """Asks whether it would take something without leaving a trace there, and says in words what it found; None: a test
    is an event like others."""


def accepted(answer: Answer) -> Answer:
    """Return an answer that says that all was taken.

    Raises:
        UndeliveredError: it says something else. What a person must change, such as a wrong token, is tried again: it
            says nothing about the events.
    """
    status = answer.status
    if 200 <= status < 300:
        return answer
    if 300 <= status < 400:
        raise UndeliveredError(f"it answered {status} and sends elsewhere, which is not followed")
    said = answer.body.decode("utf-8", "replace")[:_MOST_SAID].strip()
    reason = f"it answered {status}" + (f": {said}" if said else "")
    is_refused = status in (400, 413, 422)
    raise UndeliveredError(reason, is_refused=is_refused, retry_after=answer.retry_after)


def pieces(parts: Sequence[bytes], largest: int = LARGEST_BODY) -> list[list[bytes]]:
    """Return parts in groups, each of at most so many bytes or of a single part."""
    groups: list[list[bytes]] = []
    size = 0
    for part in parts:
        if not groups or size + len(part) > largest:
            groups.append([])
            size = 0
        groups[-1].append(part)
        size += len(part)
    return groups
