"""Plain-folder stores: a probe from a signature."""

import re
from collections.abc import Iterator
from functools import cache, partial

from weighbridge.discover.compiled import compiled_data
from weighbridge.discover.probe import Candidate, Declaration, Probe
from weighbridge.discover.signature import BASES, Signature, signature_of
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined
from weighbridge.model.place import display

_CLAIM = re.compile(rb"(?:^|[/\\])sha256[-:]([0-9a-f]{64})$")
_DEEPEST = 12


@cache
def plain_stores() -> tuple[Probe, ...]:
    """Return the probes of all signatures, sorted by id."""
    return tuple(
        probe_of(signature_of(store_id, content)) for store_id, content in sorted(compiled_data()["signatures"].items())
    )


def probe_of(signature: Signature) -> Probe:
    """Return the probe for one signature."""
    paths = sorted({path for listed in signature.paths.values() for path in listed})
    moved = [f"${item.variable}" + (f"/{item.below}" if item.below else "") for item in signature.moved]
    bases = {BASES[base][0] for base in BASES for path in paths if base in path}
    return Probe(
        id=signature.id.replace("_", "-"),
        title=signature.title,
        declaration=Declaration(
            reads=tuple(
                f"{one}/**" for one in dict.fromkeys((*(one for path in paths for one in _for_people(path)), *moved))
            ),
            environment=(*sorted(bases), *(item.variable for item in signature.moved)),
            platforms=tuple(platform for platform, listed in signature.paths.items() if listed),
            cost="directory listings",
            purpose=f"Finds models that {signature.title} keeps.",
        ),
        roots=partial(_roots, signature),
        looks_like=partial(_looks_like, signature),
        explore=partial(_explore, signature),
        markers=frozenset(name.encode() for name in signature.recognize[:1]),
        describe=partial(_describe, signature),
        reads_ahead=False,
    )


def _for_people(path: str) -> tuple[str, ...]:
    """Return a path as a person would write it: with its variable, and as it is where that is not set."""
    plain = path
    for base, (variable, default) in BASES.items():
        if base in path:
            plain = path.replace(base, default)
            path = path.replace(base, f"${variable}")
    return tuple(dict.fromkeys(one.replace("{home}", "~").replace("\\", "/") for one in (plain, path)))


def _roots(signature: Signature, machine: Machine) -> tuple[bytes, ...]:
    """Return where the store would be on `machine`; nothing says that it is there."""
    found: dict[bytes, None] = {}
    separator, lists = ("\\", ";") if machine.platform == "windows" else ("/", ":")
    for moved in signature.moved:
        for value in (machine.environment(moved.variable) or "").split(lists):
            if value:
                path = value.rstrip(separator) + (separator + moved.below if moved.below else "")
                found[_exact(path)] = None
    for path in signature.paths[machine.platform]:
        for base, (variable, default) in BASES.items():
            if path.startswith(base):
                path = path.replace(base, machine.environment(variable) or default)
        if "{home}" in path:
            for home in machine.homes():
                found[home + _exact(path.removeprefix("{home}"))] = None
        else:
            found[_exact(path)] = None
    return tuple(found)


def _looks_like(signature: Signature, _machine: Machine, _folder: bytes, names: frozenset[bytes]) -> bool:
    return bool(signature.recognize) and all(name.encode() in names for name in signature.recognize)


def _explore(signature: Signature, machine: Machine, folder: bytes) -> Iterator[Candidate | Unexamined]:
    """Yield every file below `folder`. A sweep does not need this: it walks there anyway and asks `describe`."""
    separator = b"\\" if machine.platform == "windows" else b"/"
    waiting = [(folder, 0)]
    while waiting:
        path, depth = waiting.pop()
        try:
            entries = machine.list_directory(path)
        except OSError as error:
            yield Unexamined(path=path, reason=(error.strerror or str(error)).lower())
            continue
        for entry in entries:
            if entry.kind == "file":
                yield _describe(signature, folder, path + separator + entry.name)
            elif entry.kind == "directory" and depth < _DEEPEST:
                waiting.append((path + separator + entry.name, depth + 1))


def _describe(signature: Signature, folder: bytes, path: bytes) -> Candidate:
    below = path[len(folder) :].replace(b"\\", b"/").strip(b"/")
    parts = below.split(b"/")
    name = b"/".join(parts[: signature.name_parts]) if 0 < signature.name_parts < len(parts) else below
    claim = _CLAIM.search(path)
    return Candidate(
        path=path,
        store=signature.id.replace("_", "-"),
        store_name=display(name) or None,
        claimed_sha256=claim[1].decode() if claim else None,
    )


def _exact(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")
