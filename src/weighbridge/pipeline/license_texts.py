"""License texts that belong to an artifact: beside it, at the root of its repository, in its store's license layers.

They are read through the machine, at most `LONGEST` bytes each, and every distinct text is identified once a run.
"""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Artifact, Repository
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.license import BELOW, NOT_READ, IdentifiedText, LicenseText, TextLikeness
from weighbridge.model.place import display
from weighbridge.model.record import record
from weighbridge.model.source import LimitReached
from weighbridge.pipeline.archive_terms import CARD_FACTS, in_archive, shared_sources
from weighbridge.pipeline.assemble import Sighting

if TYPE_CHECKING:
    from weighbridge.licensing.own_texts import Text

LONGEST = 1 << 20
HIGHEST = 6
"""Levels of folders above an artifact in which the root of its repository is looked for."""
MOST = 16
"""Texts of one artifact."""
TEXT_FACT = "license.text.sha256"
"""Names a license text by its digest: of a file beside the artifact or of a layer in its store."""
_BELOW = r"[\w. ()+-]{1,80}(?:/[\w. ()+-]{1,80}){0,4}"
"""Paths that a declaration may name: below its own folder."""
_ROOT_MARKERS = (b".git", b".gitattributes")

Identify = Callable[[LicenseText], IdentifiedText]


@record
class Belonging:
    """Texts of one artifact."""

    texts: tuple["Text", ...] = ()
    shared: frozenset[str] = frozenset()
    """Sources of texts that may belong to something else in the same folder."""
    facts: tuple[Fact, ...] = ()
    """What front matters of texts and the card at the root of the repository declare."""


def _unread(source: str) -> "Text":
    """Return what is said of a text that could not be read: it may be anything."""
    one = LicenseText(source=source, text="")
    detail = f"{NOT_READ}, or longer than {LONGEST >> 20} MiB"
    digest = hashlib.sha256(b"").hexdigest()
    return one, IdentifiedText(source=source, sha256=digest, likeness=TextLikeness.UNIDENTIFIED, detail=detail)


class Texts:
    """Finds, reads and identifies license texts; remembers folders and texts for one run.

    Args:
        machine: where.
        roots: folders and files that the run may look at; nothing above them is listed. None: the whole machine.
        sightings: what the run saw.
        artifacts: what it came to.
        repositories: folders that are loaded as a whole.
        identify: says which license a text is; loaded at the first text if None.
    """

    def __init__(
        self,
        machine: Machine,
        roots: Sequence[bytes],
        sightings: Iterable[Sighting],
        artifacts: Sequence[Artifact],
        repositories: Sequence[Repository],
        identify: Identify | None = None,
    ) -> None:
        self._machine = machine
        self._separator = b"\\" if machine.platform == "windows" else b"/"
        self._roots = tuple(root.rstrip(self._separator) for root in roots)
        self._repositories = frozenset(repository.path for repository in repositories)
        self._identify = identify
        self._known: dict[str, IdentifiedText] = {}
        self._contents: dict[bytes, str | None] = {}
        self._above: dict[bytes, tuple[tuple[bytes, str], ...]] = {}
        self._root: dict[bytes, tuple[tuple[bytes, str], ...]] = {}
        self._beside: dict[bytes, list[bytes]] = {}
        self._below: dict[bytes, dict[bytes, bool]] = {}
        self._cards: dict[bytes, tuple[Fact, ...]] = {}
        for sighting in sightings:
            self._note(sighting)
        self._models: dict[bytes, int] = {}
        for artifact in artifacts:
            for place in artifact.places:
                folder = self._folder(place.path)
                self._models[folder] = self._models.get(folder, 0) + 1

    def of(self, artifact: Artifact) -> Belonging:
        """Return the texts that belong to `artifact`."""
        wanted: dict[bytes, str] = {}
        shared = set(shared_sources(artifact.facts))
        cards: dict[Fact, None] = {}
        for place in artifact.places:
            wanted.update(self._layers(artifact, place.path))
            folder = self._folder(place.path)
            for path in self._beside.get(folder, ()):
                source = f"{display(self._name(path))} beside the file"
                wanted.setdefault(path, source)
                if folder not in self._repositories and self._models[folder] > 1:
                    shared.add(source)
            for path, source in (*self._down(folder), *self._up(folder)):
                wanted.setdefault(path, source)
            above = self._card_above(folder)
            cards.update((fact, None) for fact in above)
            for path, source in self._linked(folder, (*artifact.facts, *above)):
                wanted.setdefault(path, source)
        packed = in_archive(artifact.facts)
        if not wanted:
            return Belonging(texts=packed, shared=frozenset(shared), facts=tuple(cards))
        from weighbridge.licensing.layer_text import split_front_matter  # regular expressions, as below

        found = [*packed]
        facts: list[Fact] = list(cards)
        for path, source in list(wanted.items())[:MOST]:
            content = self._read(path)
            if content is None:
                found.append(_unread(source))
                continue
            spdx, text = split_front_matter(content)
            if spdx is not None:
                facts.append(Fact(name="license.spdx", value=spdx, grade=Grade.DECLARED, source=f"{source}, spdx-id"))
            one = LicenseText(source=source, text=text)
            found.append((one, self._identified(one)))
        if len(wanted) > MOST:
            found.append(_unread(f"The {len(wanted) - MOST} license texts after the first {MOST}"))
        return Belonging(texts=tuple(found), shared=frozenset(shared), facts=tuple(facts))

    def _note(self, sighting: Sighting) -> None:
        for piece in sighting.outcome.examined:
            if piece.member is None and piece.format in ("license-text", "model-card"):
                for path in (sighting.path, *(link.path for link in sighting.links)):
                    folder = self._folder(path)
                    if piece.format == "license-text":
                        from weighbridge.formats.license_names import is_license_folder  # as in `_listed`

                        own = is_license_folder(self._name(folder))
                        self._below.setdefault(self._folder(folder), {})[path] = own
                        self._beside.setdefault(folder, []).append(path)
                    else:
                        said = tuple(fact for fact in piece.facts if fact.name in CARD_FACTS)
                        self._cards[folder] = (*self._cards.get(folder, ()), *said)

    def _layers(self, artifact: Artifact, path: bytes) -> dict[bytes, str]:
        """Return the license layers that a store's manifest names; they lie beside the weights."""
        found = {}
        for fact in artifact.facts:
            if fact.name == TEXT_FACT and "license layer" in fact.source and isinstance(fact.value, str):
                name = self._name(path)
                prefix = b"sha256-" if name.startswith(b"sha256-") else b""
                found[self._folder(path) + self._separator + prefix + fact.value.encode()] = fact.source
        return found

    def _down(self, folder: bytes) -> Iterator[tuple[bytes, str]]:
        """Yield the texts in folders of licenses, and of a repository those in all folders that hold no model."""
        for path, own in self._below.get(folder, {}).items():
            inner = self._folder(path)
            if own or (folder in self._repositories and inner not in self._models):
                yield path, f"{display(path[len(folder) + 1 :])} {BELOW}"

    def _linked(self, folder: bytes, facts: Iterable[Fact]) -> Iterator[tuple[bytes, str]]:
        """Yield the files below `folder` that a declaration names as the license's text."""
        links = [fact.value for fact in facts if fact.name == "license.link" and isinstance(fact.value, str)]
        if not links:
            return
        import re  # as in `of`

        for link in links:
            if not re.fullmatch(_BELOW, link) or ".." in link:
                continue
            path = folder + self._separator + self._separator.join(os.fsencode(link).removeprefix(b"./").split(b"/"))
            try:
                kind = self._machine.stat(self._machine.resolve(path)).st_mode
            except OSError:
                continue
            if stat.S_ISREG(kind) and self._inside(folder):
                yield path, f"{link}, which the declaration links to"

    def _up(self, folder: bytes) -> tuple[tuple[bytes, str], ...]:
        """Return texts at the root of the repository that `folder` lies in, if it lies in one."""
        if folder in self._above:
            return self._above[folder]
        found: tuple[tuple[bytes, str], ...] = ()
        at = folder
        for _ in range(HIGHEST):
            if at in self._repositories or at in self._cards or not self._inside(at):
                break
            at = self._folder(at)
            if not self._inside(at):
                break
            found = self._root_texts(at)
            if found or at in self._cards or at in self._repositories:
                break
        self._above[folder] = found
        return found

    def _card_above(self, folder: bytes) -> tuple[Fact, ...]:
        """Return what the nearest card in a folder above `folder` says; a card beside the file is known already.

        Both hold: a card in a folder below does not take back what the card of the whole says.
        """
        at = folder
        for _ in range(HIGHEST):
            at = self._folder(at)
            if at in self._cards or not self._inside(at):
                break
        if at not in self._cards or not self._inside(at):
            return ()
        where = f"{display(self._name(at))}: "
        return tuple(replace(fact, source=f"{where}{fact.source}") for fact in self._cards[at])

    def _root_texts(self, folder: bytes) -> tuple[tuple[bytes, str], ...]:
        """Return the license texts in `folder` if it is the root of a repository."""
        if folder not in self._root:
            self._root[folder] = self._listed(folder) if self._is_root(folder) else ()
        return self._root[folder]

    def _is_root(self, folder: bytes) -> bool:
        if folder in self._cards or folder in self._repositories:
            return True
        for marker in _ROOT_MARKERS:
            try:
                self._machine.stat(folder + self._separator + marker)
            except OSError:
                continue
            return True
        return False

    def _listed(self, folder: bytes) -> tuple[tuple[bytes, str], ...]:
        from weighbridge.formats.license_names import is_license_name  # regular expressions that most runs do not need

        try:
            entries = self._machine.list_directory(folder)
        except OSError:
            return ()
        names = sorted(item.name for item in entries if item.kind in ("file", "link") and is_license_name(item.name))
        return tuple(
            (folder + self._separator + name, f"{display(name)} at the root of the repository") for name in names[:MOST]
        )

    def _inside(self, folder: bytes) -> bool:
        """Tell whether the run may look at `folder`."""
        below = (folder == root or folder.startswith(root + self._separator) for root in self._roots)
        return not self._roots or any(below)

    def _read(self, path: bytes) -> str | None:
        if path not in self._contents:
            try:
                content = self._machine.read_file(self._machine.resolve(path), LONGEST)
            except (OSError, LimitReached):
                self._contents[path] = None
            else:
                utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
                self._contents[path] = content.decode("utf-16" if utf_16 else "utf-8-sig", "replace")
        return self._contents[path]

    def _identified(self, text: LicenseText) -> IdentifiedText:
        digest = hashlib.sha256(text.text.encode("utf-8", "surrogatepass")).hexdigest()
        if digest not in self._known:
            if self._identify is None:
                from weighbridge.licensing.identify_text import identify  # with its index of hashes

                self._identify = identify
            self._known[digest] = self._identify(text)
        return replace(self._known[digest], source=text.source)

    def _folder(self, path: bytes) -> bytes:
        return path.rpartition(self._separator)[0]

    def _name(self, path: bytes) -> bytes:
        return path.rpartition(self._separator)[2]
