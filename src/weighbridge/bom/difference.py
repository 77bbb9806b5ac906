"""What changed from one bill of materials to another."""

from weighbridge.bom.component import Bom, Component
from weighbridge.bom.license_names import spdx_id
from weighbridge.bom.properties import flattened
from weighbridge.model.record import record


@record
class Change:
    """One thing about a component that differs."""

    what: str
    """`digest`, `version`, `license`, `terms`, `verdict`, `assessment`, `lineage`, `parts`."""
    before: str
    after: str


@record
class Changed:
    """A component that is in both, and what differs."""

    before: Component
    after: Component
    changes: tuple[Change, ...]


@record
class Difference:
    """Components that came, went and changed; sorted by name."""

    added: tuple[Component, ...]
    removed: tuple[Component, ...]
    changed: tuple[Changed, ...]
    same: int

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


def difference(old: Bom, new: Bom) -> Difference:
    """Return what changed.

    A component is the same one by its content, else by its purl without version, else by its place, else by its name.
    """
    left = dict(enumerate(old.components))
    right = dict(enumerate(new.components))
    pairs: list[tuple[Component, Component]] = []
    for key in (_content, _package, _place, _title):
        known: dict[str, list[int]] = {}
        for index, item in left.items():
            if (value := key(item)) is not None:
                known.setdefault(value, []).append(index)
        for index, item in list(right.items()):
            value = key(item)
            if value is not None and known.get(value):
                pairs.append((left.pop(known[value].pop(0)), item))
                del right[index]
    changed = [
        Changed(before=before, after=after, changes=found)
        for before, after in pairs
        if (found := tuple(_changes(before, after)))
    ]
    return Difference(
        added=tuple(sorted(right.values(), key=called)),
        removed=tuple(sorted(left.values(), key=called)),
        changed=tuple(sorted(changed, key=lambda item: called(item.after))),
        same=len(pairs) - len(changed),
    )


def called(item: Component) -> str:
    """Return what a component is called, for a person."""
    return f"{item.group}/{item.name}" if item.group else item.name


def _changes(before: Component, after: Component) -> list[Change]:
    compared = [
        ("digest", _digest(before), _digest(after)),
        ("version", before.version, after.version),
        ("license", license_of(before), license_of(after)),
        ("terms", _terms(before), _terms(after)),
        ("assessment", before.assessment, after.assessment),
        ("verdict", before.verdict.decision if before.verdict else "", after.verdict.decision if after.verdict else ""),
        ("lineage", _lineage(before), _lineage(after)),
        ("parts", _parts(before), _parts(after)),
    ]
    # A version that is only the start of the digest says nothing more.
    by_content = before.version.startswith("sha256:") and after.version.startswith("sha256:")
    return [
        Change(what=what, before=old, after=new)
        for what, old, new in compared
        if old != new and not (what == "version" and by_content)
    ]


def license_of(item: Component) -> str:
    """Return the license in a few words: concluded, else what is declared."""
    licensing = item.licensing
    if licensing.concluded is not None:
        return spdx_id(licensing.concluded) or licensing.concluded
    declared = sorted({spdx_id(one.value) or one.value for one in licensing.declared})
    return f"{', '.join(declared)} (declared)" if declared else ""


def _digest(item: Component) -> str:
    if item.sha256 is not None:
        return item.sha256
    return item.ref.removeprefix("sha256:") if item.ref.startswith("sha256:") else ""


def _terms(item: Component) -> str:
    return "; ".join(f"{name}: {value}" for name, value in item.licensing.terms)


def _lineage(item: Component) -> str:
    return ", ".join(
        f"{ancestor.name} ({ancestor.relation.value}, {ancestor.grade.value})"
        for ancestor, _ in flattened(item.ancestors)
    )


def _parts(item: Component) -> str:
    return ", ".join(sorted(f"{part.path} {(part.sha256 or 'no digest')[:12]}" for part in item.parts))


def _content(item: Component) -> str | None:
    digest = _digest(item)
    return digest or None


def _package(item: Component) -> str | None:
    if item.purl is None or item.purl.startswith("pkg:generic/"):
        return None
    name, _, subpath = item.purl.partition("#")
    return f"{name.partition('@')[0].partition('?')[0]}#{subpath}"


def _place(item: Component) -> str | None:
    place = item.occurrences[0] if item.occurrences else None
    return None if place is None else f"{place.path}!/{place.member or ''}"


def _title(item: Component) -> str | None:
    return f"{item.kind.value} {called(item)}" if item.name else None
