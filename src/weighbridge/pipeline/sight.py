"""Discover, identify and inspect: from roots to sightings, with what earlier runs already know."""

from collections.abc import Iterator
from dataclasses import field, replace
from typing import TYPE_CHECKING

from weighbridge.discover.probe import Candidate
from weighbridge.discover.registry import PROBES
from weighbridge.discover.sweep import Sighted, Tally, sweep
from weighbridge.host.machine import Machine, Stat
from weighbridge.model.events import Listener, Progress
from weighbridge.model.finding import Unexamined
from weighbridge.model.place import Place, display
from weighbridge.model.record import draft
from weighbridge.pipeline.assemble import Sighting
from weighbridge.pipeline.examined import Contents, Outcome, decode, encode
from weighbridge.pipeline.options import Options, whole_machine

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache

_REPORT_EVERY = 500


@draft
class Seen:
    """What a pass over the roots gave; correct at any moment, so that an interrupted pass still counts."""

    sightings: dict[bytes, Sighting] = field(default_factory=dict)
    stats: dict[bytes, Stat] = field(default_factory=dict)
    unexamined: list[Unexamined] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    interrupted: bool = False
    dismissed: set[bytes] = field(default_factory=set)
    """Plausible files that held nothing, for the sweep to forget."""
    contents: dict[bytes, Contents] = field(default_factory=dict)
    """Of archives that were read in this run, if it was asked for."""


def see(
    machine: Machine, options: Options, cache: "Cache | None", listener: Listener, seen: Seen | None = None
) -> Seen:
    """Return `seen` (a new one if None) with every file under the roots that a reader knows; Ctrl-C stops it early."""
    seen = seen if seen is not None else Seen()
    links: list[tuple[Candidate, Stat]] = []
    try:
        for item in _swept(machine, options, cache, seen, listener):
            if isinstance(item, Unexamined):
                seen.unexamined.append(item)
            elif item.candidate.link:
                links.append((item.candidate, item.stat))
            else:
                _look(machine, options, cache, seen, item)
    except KeyboardInterrupt:
        seen.interrupted = True
    _link(seen, links)
    return seen


def _swept(
    machine: Machine, options: Options, cache: "Cache | None", seen: Seen, listener: Listener
) -> Iterator[Sighted | Unexamined]:
    until = None if options.seconds is None else machine.monotonic() + options.seconds
    looked = 0

    def plausible(name: bytes, size: int, head: bytes, tail: bytes) -> bool:
        # The readers load only when a file has to be read: an unchanged machine does not pay for them.
        from weighbridge.pipeline.inspect import INDEX, named_reader, suffix_readers

        nonlocal looked
        looked += 1
        if looked % _REPORT_EVERY == 0:
            listener(
                Progress(
                    stage="discover",
                    files_seen=seen.tally.files,
                    artifacts_found=len(seen.sightings),
                    current=display(seen.tally.current),
                )
            )
        if not head and size:
            return False
        return bool(INDEX.candidates(head, tail) or suffix_readers(name) or named_reader(name))

    return sweep(
        machine,
        options.roots or _everything(machine),
        PROBES,
        plausible,
        memory=cache,
        tally=seen.tally,
        most_peeks=options.most_peeks,
        dismissed=seen.dismissed,
        enough=None if until is None else lambda: machine.monotonic() > until,
    )


def _everything(machine: Machine) -> tuple[bytes, ...]:
    return whole_machine(machine, tuple(root for probe in PROBES for root in probe.roots(machine)))


def _look(machine: Machine, options: Options, cache: "Cache | None", seen: Seen, item: Sighted) -> None:
    path = item.candidate.path
    outcome = _known(cache.outcome(item.stat), path, options) if cache is not None else None
    if outcome is None:
        from weighbridge.pipeline.examine import examine  # as above: readers and checks

        outcome = examine(machine, path, digest_members=options.digest, contents=options.contents)
        if outcome.contents is not None:
            seen.contents[path] = outcome.contents
            outcome = replace(outcome, contents=None)
        if cache is not None and outcome.matters and not outcome.unexamined:
            cache.keep_outcome(item.stat, _suffix(path) + b"\n" + encode(outcome))
    seen.unexamined += outcome.unexamined
    if not outcome.matters:
        if not outcome.unexamined:
            seen.dismissed.add(path)
    else:
        seen.stats[path] = item.stat
        seen.sightings[path] = Sighting(
            path=path,
            identity=(item.stat.st_dev, item.stat.st_ino),
            outcome=outcome,
            store=item.candidate.store,
            store_name=item.candidate.store_name,
            claimed_sha256=item.candidate.claimed_sha256,
            facts=item.candidate.facts,
        )


def _suffix(path: bytes) -> bytes:
    """Return the ending of the last component: a reading depends on it, and hard links may differ in it."""
    name = path.replace(b"\\", b"/").rsplit(b"/", 1)[-1]
    dot = name.rfind(b".")
    return name[dot:].lower().replace(b"\n", b"") if dot >= 0 else b""


def _known(remembered: bytes | None, path: bytes, options: Options) -> Outcome | None:
    """Return the outcome of an earlier run, if it still answers what is asked now."""
    if remembered is None:
        return None
    suffix, _, content = remembered.partition(b"\n")
    if suffix != _suffix(path):
        return None
    try:
        outcome = decode(content)
    except (ValueError, KeyError, TypeError):
        return None
    unhashed = any(item.member is not None and item.is_artifact and not item.sha256 for item in outcome.examined)
    return None if options.digest and unhashed else outcome


def _link(seen: Seen, links: list[tuple[Candidate, Stat]]) -> None:
    """Give every sighting the symbolic links that lead to it."""
    by_identity: dict[tuple[int, int], Sighting] = {}
    for sighting in seen.sightings.values():
        by_identity.setdefault(sighting.identity, sighting)
    for candidate, stat in links:
        target = by_identity.get((stat.st_dev, stat.st_ino))
        if target is not None:
            target.links.append(
                Place(path=candidate.path, store=candidate.store, store_name=candidate.store_name, link=True)
            )
            target.claimed_sha256 = target.claimed_sha256 or candidate.claimed_sha256
            target.facts = (*target.facts, *candidate.facts)
