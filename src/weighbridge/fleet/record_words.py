"""What a record can be found by: the words of it that stand in columns, and the digests that it names. Pure.

Everything comes from a machine: words are bounded and made fit for a column, what is of another type counts as absent.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from weighbridge.fleet.inventory import Before, key_of
from weighbridge.fleet.untrusted import digest, mappings, word
from weighbridge.ledger.entry import Record
from weighbridge.pipeline.watch_decide import subject_of

LONGEST_PATH = 1024
"""Characters; the record itself keeps all of it."""
MOST_DIGESTS = 50
_PROCESSES = frozenset({"process", "accelerator", "listener"})
_CLAIMED = "claimed:"


class Words(NamedTuple):
    """Who and what a record speaks of; empty where it does not say."""

    process: str = ""
    """Name of the process."""
    user: str = ""
    """Whose process it is."""
    actor: str = ""
    """human, agent, service or unknown."""
    agent: str = ""
    """Name of the agent."""
    path: str = ""
    """A file; of a process, its program."""


def words_of(record: Record) -> Words:
    """Return the words of a record."""
    data = record.data
    kind = record.kind.removesuffix("-end")
    said = data.get("actor")
    actor: Mapping[str, object] = said if isinstance(said, dict) else {}
    name = (word(data, "name") or "") if kind in _PROCESSES else ""
    of_agent = (word(data, "agent") or word(data, "name") or "") if kind == "agent" else ""
    return Words(
        process=name or word(data, "process") or "",
        user=word(data, "user") or "",
        actor=word(actor, "kind", 40) or "",
        agent=word(actor, "agent") or of_agent,
        path=word(data, "path", LONGEST_PATH) or word(data, "executable", LONGEST_PATH) or "",
    )


def digests_of(record: Record) -> list[str]:
    """Return the digests that a record names, measured or claimed, at most `MOST_DIGESTS`, each once."""
    data = record.data
    named = [data.get("artifact"), data.get("sha256"), data.get("claimed_sha256")]
    for one in mappings(data.get("weights")):
        named += [one.get("sha256"), one.get("claimed_sha256")]
    plain = (one.removeprefix(_CLAIMED) if isinstance(one, str) else None for one in named)
    return list(dict.fromkeys(found for one in plain if (found := digest(one)) is not None))[:MOST_DIGESTS]


def named_digests(
    first: int, records: Sequence[Record | None], before: Mapping[str, Before]
) -> Iterator[tuple[int, str]]:
    """Yield the digests that records of one ledger name, each with the index of its record.

    The record of a file that is gone names its path alone; it counts as naming the digest that lay there.

    Args:
        first: index of the first record.
        records: in order; None for what is no record.
        before: what the things that they speak of were before them, by key.
    """
    lay = {key: one.artifact.removeprefix(_CLAIMED) for key, one in before.items() if one.artifact}
    for index, record in enumerate(records, first):
        if record is None:
            continue
        named = digests_of(record)
        subject = subject_of(record)
        key = "" if subject is None else key_of(subject)
        if record.kind.endswith("-end"):
            gone = lay.pop(key, "")
            named += [gone] if gone and gone not in named else []
        elif key and named:
            lay[key] = named[0]
        for sha256 in named:
            yield index, sha256
