"""Digests: one message for people about all that came since the last one, instead of one for each.

What waits for the next message is a value that is written with the cursor, so that a server that dies loses none of it.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from weighbridge.bom.text import clean
from weighbridge.fleet.outbox_events import DECISION, SEVERITIES, Outgoing

MOST_LINES = 10
_LONGEST = 300


class Digest(Struct, frozen=True, kw_only=True):
    """What came since the last message."""

    since: str = ""
    """RFC 3339, when the first of it was."""
    findings: dict[str, int] = {}
    """How many, by severity."""
    decisions: int = 0
    others: int = 0
    lines: list[tuple[int, str]] = []
    """The gravest `MOST_LINES`: rank and text, the gravest first."""

    @property
    def events(self) -> int:
        """How many events it stands for."""
        return sum(self.findings.values()) + self.decisions + self.others


def read(text: str) -> Digest:
    """Return what waits; nothing for an empty text."""
    return msgspec.json.decode(text, type=Digest) if text else Digest()


def written(digest: Digest) -> str:
    """Return what waits as a text; empty if nothing does."""
    return msgspec.json.encode(digest).decode() if digest.events else ""


def joined(before: Digest, events: Iterable[Outgoing]) -> Digest:
    """Return what waits when events came to what waited before."""
    findings, decisions, others = dict(before.findings), before.decisions, before.others
    lines = [*before.lines]
    since = before.since
    for one in events:
        event = one.event
        since = since or event.at
        if one.topic == DECISION:
            decisions += 1
        elif event.severity in SEVERITIES:
            findings[event.severity] = findings.get(event.severity, 0) + 1
        else:
            others += 1
        rank = len(SEVERITIES) if one.topic == DECISION else _rank(event.severity)
        where = f" on {event.machine}" if event.machine and one.topic != DECISION else ""
        head = "" if one.topic == DECISION else f"{event.severity}: "
        lines.append((rank, clean(f"{head}{event.message}{where}", _LONGEST)))
    lines.sort(key=lambda line: -line[0])
    return Digest(since=since, findings=findings, decisions=decisions, others=others, lines=lines[:MOST_LINES])


def text_lines(digest: Digest) -> list[str]:
    """Return a digest as lines of plain text: how much of what, the gravest, and how many more there are."""
    counts = [f"{digest.findings[name]} {name}" for name in reversed(SEVERITIES) if digest.findings.get(name)]
    parts = []
    if counts:
        total = sum(digest.findings.values())
        parts.append(f"{total} finding{'s' * (total != 1)} ({', '.join(counts)})")
    if digest.decisions:
        parts.append(f"{digest.decisions} decision{'s' * (digest.decisions != 1)}")
    if digest.others:
        parts.append(f"{digest.others} other{'s' * (digest.others != 1)}")
    head = f"Since {digest.since[:16].replace('T', ' ')} UTC: {', '.join(parts)}"
    left = digest.events - len(digest.lines)
    return [head, *(f"· {text}" for _, text in digest.lines), *([f"· and {left} more"] if left else [])]


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0
