"""One path to its outcome: open, inspect, judge, hash the members."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Coverage
from weighbridge.model.budget import Budget
from weighbridge.model.finding import Assessment, Unexamined
from weighbridge.model.source import ByteSource, LimitReached, SourceError
from weighbridge.pipeline.archive_terms import with_terms
from weighbridge.pipeline.examined import Contents, Examined, Outcome
from weighbridge.pipeline.inner_parts import note_missing, plain
from weighbridge.pipeline.inspect import inspect
from weighbridge.pipeline.judge import judged

if TYPE_CHECKING:
    from weighbridge.pipeline.inspect import Inspected

_CHUNK = 1 << 20


def examine(
    machine: Machine, path: bytes, *, digest_members: bool, expect: str | None = None, contents: bool = False
) -> Outcome:
    """Return what the file at `path` holds; whatever cannot be read is in the outcome, never raised.

    Args:
        machine: where.
        path: an absolute path.
        digest_members: whether artifacts in archives are hashed.
        expect: id of a reader that looks at the file in any case.
        contents: whether to say what archives are made of.
    """
    try:
        source = machine.open(path)
    except OSError as error:
        return Outcome(unexamined=(Unexamined(path=path, reason=error.strerror or type(error).__name__),))
    try:
        return examine_source(source, machine, path, digest_members=digest_members, expect=expect, contents=contents)
    finally:
        source.close()


def examine_source(
    source: ByteSource,
    machine: Machine,
    path: bytes,
    *,
    digest_members: bool,
    expect: str | None = None,
    contents: bool = False,
) -> Outcome:
    """Return what `source` holds. `path` is for the unexamined entries only."""
    budget = Budget()
    examined = []
    inspected = inspect(source, machine.isolated, budget, expect)
    note_missing(inspected)
    for item in inspected:
        findings, assessment = judged(item)
        if item.member is not None and not item.holds_model and assessment is Assessment.NOT_A_MODEL:
            continue  # a machine holds millions of files in archives: what nobody asks for again is not kept
        examined.append(
            Examined(
                member=item.member,
                format=item.format,
                size=_size(item.source),
                holds_model=item.holds_model,
                assessment=assessment,
                facts=tuple(item.facts),
                findings=findings,
                parts_wanted=tuple((wanted.relative_path, wanted.required) for wanted in item.parts_wanted),
                coverage=Coverage(
                    bytes_read=budget.bytes_read, members_read=item.members_read, skipped=tuple(item.skipped)
                ),
            )
        )
        if digest_members and item.member is not None and examined[-1].is_artifact:
            examined[-1] = replace(examined[-1], sha256=_member_digest(item.source))
    made_of = _contents(inspected) if contents else None
    return Outcome(
        examined=with_terms(inspected, examined),
        unexamined=_missing_layers(path, made_of) if made_of is not None else (),
        contents=made_of,
    )


def _contents(inspected: Sequence["Inspected"]) -> Contents | None:
    """Return names and images, both from what was read already."""
    listed = [item for item in inspected if item.listing is not None]
    if not listed:
        return None
    from weighbridge.pipeline.images import finder, images  # with what reads archives by name

    outer = [item for item in listed if item.base is None]
    return Contents(
        listings={item.base: item.listing for item in reversed(listed) if item.listing is not None},
        images=images(finder(outer[0].documents.items())) if outer else (),
    )


def _missing_layers(path: bytes, contents: Contents) -> tuple[Unexamined, ...]:
    """Return the layers that an image saved as one file lacks."""
    if not contents.images:
        return ()
    from weighbridge.pipeline.images import missing

    there = {plain(name) for name in contents.listings.get(None, ())}
    return tuple(
        Unexamined(path=path, member=layer, reason=reason)
        for layer, reason in missing(contents.images, there.__contains__)
    )


def _size(source: ByteSource) -> int:
    """Return the length of `source`, 0 where only more expansion than the budget allows would tell."""
    try:
        return source.size
    except (SourceError, LimitReached):
        return 0


def _member_digest(source: ByteSource) -> str | None:
    """Return the SHA-256 of a member, None if it cannot be read to its end within the budget."""
    if (watched := getattr(source, "sha256", None)) is not None and (known := watched()) is not None:
        return str(known)
    digest = hashlib.sha256()
    hashed = 0
    try:
        for offset in range(0, source.size, _CHUNK):
            block = source.read(offset, _CHUNK)
            digest.update(block)
            hashed += len(block)
        whole = hashed == source.size and getattr(source, "damage", None) is None
    except (SourceError, LimitReached):
        return None
    # What breaks off is not the content that somebody packed: its start must not pass for an identity.
    return digest.hexdigest() if whole else None
