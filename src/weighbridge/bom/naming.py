"""What an artifact is called in a document: group, name, version, and why.

A store's name is what people know a model by (`HuggingFaceTB/SmolLM2-135M-Instruct`); a loose file is called by its
file name. A name that the file states about itself is only an attribute: anybody could have written it.
"""

import re

from weighbridge.bom.component import CONFIDENCE, FROM_FILE_NAME, Identity
from weighbridge.bom.text import clean
from weighbridge.model.artifact import Artifact
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.place import Place, display
from weighbridge.model.record import record

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SNAPSHOT = re.compile(r"/snapshots/([0-9a-f]{40})/(.+)\Z")
_WINDOWS = re.compile(rb"[A-Za-z]:\\|\\\\")
_BLOB = re.compile(r"(?:sha256[-:])?[0-9a-f]{40,64}\Z")


@record
class Naming:
    """What an artifact is called."""

    name: str
    group: str = ""
    version: str = ""
    file: str = ""
    """Its file name, to tell artifacts of one name apart."""
    repository: str = ""
    """`owner/name` on the hub that its cache names; empty elsewhere."""
    commit: str = ""
    subpath: str = ""
    """Path inside the repository."""
    identities: tuple[Identity, ...] = ()


def naming_of(artifact: Artifact) -> Naming:
    """Return what `artifact` is called and on what evidence."""
    place = main_place(artifact)
    if place is None:
        return Naming(name="unnamed")
    file = file_name(place)
    if place.store is None or not place.store_name or place.member is not None:
        return _loose(artifact, file)
    if place.store == "huggingface":
        return _cached(artifact, place, file)
    path, _, tag = place.store_name.rpartition(":") if "/" in place.store_name else ("", "", "")
    if not path or "/" in tag:
        path, tag = place.store_name, ""
    group, _, name = path.rpartition("/")
    file = clean(name) if _BLOB.match(file) else file
    return _stored(place, Naming(name=clean(name), group=clean(group), version=clean(tag), file=file))


def main_place(artifact: Artifact) -> Place | None:
    """Return the place that says most: one with a store's name and a real file name before others."""
    if not artifact.places:
        return None
    return min(
        artifact.places,
        key=lambda place: (not place.store_name, _BLOB.match(file_name(place)) is not None, place.path),
    )


def file_name(place: Place) -> str:
    """Return the last component of a place's path, or of the member's."""
    path = place.path if place.member is None else place.member.encode("utf-8", "surrogatepass")
    if _WINDOWS.match(path):
        path = path.replace(b"\\", b"/")
    return clean(display(path.rstrip(b"/").rpartition(b"/")[2])) or "unnamed"


def _loose(artifact: Artifact, file: str) -> Naming:
    version = next((item for item in artifact.facts if item.name == "version" and isinstance(item.value, str)), None)
    named = (Identity(field="name", value=file, technique="filename", confidence=FROM_FILE_NAME, source="file name"),)
    if version is None:
        return Naming(name=file, file=file, identities=named)
    return Naming(
        name=file, file=file, version=clean(str(version.value), 80), identities=(*named, _identity("version", version))
    )


def _cached(artifact: Artifact, place: Place, file: str) -> Naming:
    repository, _, revision = (place.store_name or "").rpartition("@")
    repository = repository or revision
    match = _SNAPSHOT.search(display(place.path).replace("\\", "/"))
    commits = [
        fact.value
        for fact in artifact.facts
        if fact.name == "version" and isinstance(fact.value, str) and _COMMIT.fullmatch(fact.value)
    ]
    commit = match[1] if match else commits[0] if commits else ""
    group, _, name = repository.rpartition("/")
    return _stored(
        place,
        Naming(
            name=clean(name),
            group=clean(group),
            version=clean(commit or revision),
            file=file,
            repository=repository,
            commit=commit,
            subpath=match[2] if match else "",
        ),
    )


def _stored(place: Place, naming: Naming) -> Naming:
    fields = (("group", naming.group), ("name", naming.name), ("version", naming.version))
    return Naming(
        name=naming.name,
        group=naming.group,
        version=naming.version,
        file=naming.file,
        repository=naming.repository,
        commit=naming.commit,
        subpath=naming.subpath,
        identities=tuple(
            Identity(
                field=field,
                value=value,
                technique="manifest-analysis",
                confidence=CONFIDENCE[Grade.DECLARED],
                source=f"store {place.store}: {clean(place.store_name or '', 200)}",
            )
            for field, value in fields
            if value
        ),
    )


def _identity(field: str, fact: Fact) -> Identity:
    return Identity(
        field=field,
        value=clean(str(fact.value), 80),
        technique="binary-analysis" if fact.grade is Grade.MEASURED else "manifest-analysis",
        confidence=CONFIDENCE[fact.grade],
        source=clean(fact.source, 200),
    )
