"""Records: what one entry of the ledger says. Values in, values out.

A record is canonical JSON of at most 65,535 bytes: `schema`, `sequence` (its index), `kind`, `at` (wall clock, UTC, as
in RFC 3339), `monotonic` (seconds of this run of the machine), `boot` (which run), `network` (how far the machine
reached) and `data`, which depends on the kind.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from weighbridge.ledger.canonical import canonical, parsed
from weighbridge.ledger.tiles import LARGEST_ENTRY
from weighbridge.model.record import record

SCHEMA = "weighbridge.record/1"
KINDS: dict[str, str] = {
    "start": "Recording began; how the time before ended.",
    "stop": "Recording ended in good order.",
    "gap": "Nothing was recorded for a while, or something could not be: why, from when to when.",
    "clock-step": "The wall clock was set: from, to, by how much.",
    "prune": "Retention removed the entries below an index; their hashes stay.",
    "shred": "The key of kept content was destroyed: whose, why.",
    "key-change": "Checkpoints are signed by another key from here on.",
    "policy-change": "Another policy decides from here on.",
    "artifact": "What is known about one model, by its digest.",
    "sighting": "A model was found at a place.",
    "sighting-end": "A model is not at a place any more.",
    "verdict": "What policy says about one model.",
    "process": "A process runs models, or is an agent.",
    "process-end": "Such a process ended.",
    "listener": "A process accepts connections.",
    "listener-end": "It does not any more.",
    "accelerator": "Load on an accelerator.",
    "accelerator-end": "The load is over.",
    "toolchain": "A program, package or extension that works with models.",
    "toolchain-end": "It is not there any more.",
    "agent": "An agent, its tool servers, skills and permissions.",
    "agent-end": "One of them is not there any more.",
    "secret": "A key lies where AI programs read it: format and place, never its value.",
    "secret-end": "It does not lie there any more.",
    "finding": "Something a person should know.",
    "finding-end": "It does not hold any more.",
    "network": "How far this machine reaches.",
    "capability": "What the sensor cannot see here, and what it would need.",
    "heartbeat": "The sensor works: what it saw, what it cost.",
    "sync": "What was recorded reaches the fleet's server, or does not, and why.",
    "overload": "The sensor was slower than it should be, or slowed down to keep its budget.",
    "release": "What was done with a release of the hub, or with a request for one: by whom, why.",
    "intent": "Something governed is about to happen.",
    "outcome": "How that came out.",
}
"""Every kind and what it says; `wb ledger show --kind`."""
_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}")


@record
class Record:
    """One record as it was read. Fields that it lacks, or that are not of their type, are empty."""

    sequence: int
    kind: str
    at: str
    monotonic: float
    boot: str
    network: str
    data: Mapping[str, object]


def encode(
    sequence: int, kind: str, data: Mapping[str, object], *, at: datetime, monotonic: float, boot: str, network: str
) -> bytes:
    """Return a record as an entry.

    Data that is too long is replaced by its length and digest, and says so.

    Args:
        sequence: index in the log.
        kind: one of `KINDS`.
        data: what happened; texts, numbers, lists, objects.
        at: wall clock.
        monotonic: seconds of this run of the machine.
        boot: which run.
        network: `offline`, `lan_only`, ... .

    Raises:
        ValueError: the kind is unknown or the data has no place in JSON.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of record")
    seconds = round(float(monotonic), 6)
    body: dict[str, object] = {
        "schema": SCHEMA,
        "sequence": sequence,
        "kind": kind,
        "at": timestamp(at),
        "monotonic": int(seconds) if seconds.is_integer() else seconds,
        "boot": boot,
        "network": network,
        "data": data,
    }
    entry = canonical(body)
    if len(entry) <= LARGEST_ENTRY:
        return entry
    whole = canonical(data)
    return canonical(body | {"data": {"omitted": {"bytes": len(whole), "sha256": sha256(whole).hexdigest()}}})


def decode(entry: bytes) -> Record | None:
    """Return the record in an entry; None if it is none of ours."""
    value = parsed(entry)
    if value is None or value.get("schema") != SCHEMA:
        return None
    sequence, monotonic, data = value.get("sequence"), value.get("monotonic"), value.get("data")
    kind = _string(value.get("kind"))
    return Record(
        sequence=sequence if isinstance(sequence, int) and not isinstance(sequence, bool) else -1,
        kind=kind if _KIND.fullmatch(kind) else "",
        at=_string(value.get("at")),
        monotonic=float(monotonic) if isinstance(monotonic, (int, float)) else 0.0,
        boot=_string(value.get("boot")),
        network=_string(value.get("network")),
        data=data if isinstance(data, dict) else {},
    )


def timestamp(at: datetime) -> str:
    """Return a time as records state it: RFC 3339, UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime | None:
    """Return the time that a record states; None if it is none."""
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        return None
    return stated if stated.tzinfo is not None else None


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
