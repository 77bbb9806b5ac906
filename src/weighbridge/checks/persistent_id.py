"""Objects that the loader itself must find.

What it finds: persistent ids of another form than PyTorch's storages.

Why it matters: only a loader with its own `persistent_load` can load such a file, and what that does with the id is not
in the file.

Example: a `PERSID` line in a file that claims to be a plain pickle.

What to do: find out which program wrote the file before you load it with that program.

Known misses: what the loader does with the id.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.pickle_program import Kind, PicklePersistentId


def judge(found: PicklePersistentId, subject: Subject) -> Iterator[Finding]:
    """Yield one review unless the id is a PyTorch storage, or a module of an old full-model file."""
    items = found.id.items
    first = items[0].value if found.id.kind is Kind.TUPLE and items else None
    if first == "storage" and len(items) >= 5 and items[1].kind is Kind.IMPORT:
        return
    if first == "module" and len(items) == 4 and items[1].kind is Kind.IMPORT:
        return
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"The pickle in {subject.name} asks its loader for an object by an id that only that loader knows.",
        remedy="Find out which program wrote this file, and load it with no other.",
        implies=Assessment.REVIEW,
        evidence=Evidence(offset=found.offset, member=found.member, opcode=found.opcode, key=found.key),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="persistent-id",
    title="A pickle refers to objects outside of it",
    wants=(PicklePersistentId,),
    judge=judge,
    atlas="AML.T0011.000",
)
