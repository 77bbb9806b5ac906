"""The Hugging Face cache: one folder per repository, blobs by digest, snapshots by commit.

Layout, from huggingface_hub "Understand caching" and `file_download.py`:

    models--org--name/refs/main               commit that a branch or tag stands for
    models--org--name/snapshots/<commit>/...   links to blobs; copies where links are not to be had (Windows)
    models--org--name/blobs/<etag>             SHA-256 for large files, Git's SHA-1 for small ones
    models--org--name/.no_exist/...            what is known to be absent

A blob name of 64 hex digits is the SHA-256 that the Hub claims; nobody has measured it yet.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from weighbridge.discover.folder import SHA256, declared, entries, files_below, join, separator, small_file
from weighbridge.discover.probe import Candidate, Declaration, Probe
from weighbridge.host.machine import Machine
from weighbridge.model.fact import Fact
from weighbridge.model.finding import Unexamined
from weighbridge.model.place import display

_STORE = "huggingface"
_REPOSITORY = re.compile(rb"(models|datasets|spaces)--(.+)", re.DOTALL)
_COMMIT = re.compile(rb"[0-9a-f]{40}")


@dataclass
class _Repository:
    kind: str
    name: str
    revisions: dict[bytes, str] = field(default_factory=dict)
    """Commit -> branch or tag, `main` before others."""

    def called(self, commit: bytes | None) -> str:
        base = self.name if self.kind == "models" else f"{self.kind}/{self.name}"
        return base if commit is None else f"{base}@{self.revisions.get(commit, display(commit))}"

    def facts(self, commit: bytes | None) -> tuple[Fact, ...]:
        source = "Hugging Face cache folder name"
        prefix = "" if self.kind == "models" else f"{self.kind}/"
        said = [
            declared("name", self.name, source),
            declared("source_url", f"https://huggingface.co/{prefix}{self.name}", source),
        ]
        if commit is not None:
            said.append(declared("version", display(commit), "Hugging Face cache snapshot"))
        return tuple(said)


def _roots(machine: Machine) -> tuple[bytes, ...]:
    def variable(name: str) -> bytes | None:
        value = machine.environment(name)
        return value.encode("utf-8", "surrogateescape") if value else None

    folders = [variable(name) for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE")]
    home = variable("HF_HOME")
    folders.append(home and join(machine, home, b"hub"))
    cache = variable("XDG_CACHE_HOME")
    folders.append(cache and join(machine, cache, b"huggingface", b"hub"))
    folders += [join(machine, home, b".cache", b"huggingface", b"hub") for home in machine.homes()]
    return tuple(dict.fromkeys(folder for folder in folders if folder))


def _looks_like(machine: Machine, folder: bytes, names: frozenset[bytes]) -> bool:
    name = folder.rpartition(separator(machine))[2]
    return _REPOSITORY.fullmatch(name) is not None and b"snapshots" in names


def _explore(machine: Machine, folder: bytes) -> Iterator[Candidate | Unexamined]:
    if _REPOSITORY.fullmatch(folder.rpartition(separator(machine))[2]):
        yield from _repository(machine, folder)
        return
    for entry in entries(machine, folder):
        if entry.kind == "directory" and _REPOSITORY.fullmatch(entry.name):
            yield from _repository(machine, join(machine, folder, entry.name))


def _repository(machine: Machine, folder: bytes) -> Iterator[Candidate | Unexamined]:
    match = _REPOSITORY.fullmatch(folder.rpartition(separator(machine))[2])
    if match is None:
        return
    repository = _Repository(match[1].decode(), display(match[2]).replace("--", "/"))
    yield from _read_refs(machine, join(machine, folder, b"refs"), repository)
    commit_of_blob: dict[bytes, bytes] = {}
    snapshots = join(machine, folder, b"snapshots")
    for snapshot in entries(machine, snapshots):
        if snapshot.kind != "directory":
            continue
        commit = snapshot.name
        for path, entry in files_below(machine, join(machine, snapshots, commit)):
            claim = None
            if entry.kind == "link":
                try:
                    blob = machine.read_link(path).replace(b"\\", b"/").rpartition(b"/")[2]
                except OSError:
                    continue
                commit_of_blob.setdefault(blob, commit)
                claim = _claim(blob)
            yield _candidate(repository, path, commit, claim, link=entry.kind == "link")
    for entry in entries(machine, join(machine, folder, b"blobs")):
        if entry.kind == "file":
            path = join(machine, folder, b"blobs", entry.name)
            yield _candidate(repository, path, commit_of_blob.get(entry.name), _claim(entry.name))


def _candidate(
    repository: _Repository, path: bytes, commit: bytes | None, claim: str | None, *, link: bool = False
) -> Candidate:
    return Candidate(
        path=path,
        store=_STORE,
        store_name=repository.called(commit),
        claimed_sha256=claim,
        facts=repository.facts(commit),
        link=link,
    )


def _read_refs(machine: Machine, folder: bytes, repository: _Repository) -> Iterator[Unexamined]:
    for path, entry in files_below(machine, folder, depth=4):
        if entry.kind != "file":
            continue
        content = small_file(machine, path, 200)
        if isinstance(content, Unexamined):
            yield content
        elif _COMMIT.fullmatch(content.strip()):
            branch = display(path[len(folder) + 1 :].replace(b"\\", b"/"))
            known = repository.revisions.get(content.strip())
            if known is None or branch == "main":
                repository.revisions[content.strip()] = branch


def _claim(blob: bytes) -> str | None:
    name = blob.decode("ascii", "replace")
    return name if SHA256.fullmatch(name) else None


def _describe(_folder: bytes, path: bytes) -> Candidate:
    return Candidate(path=path, store=_STORE)


PROBE = Probe(
    id=_STORE,
    title="Hugging Face cache",
    declaration=Declaration(
        reads=(
            "~/.cache/huggingface/hub/**",
            "$HF_HOME/hub/**",
            "$HF_HUB_CACHE/**",
            "$HUGGINGFACE_HUB_CACHE/**",
            "$TRANSFORMERS_CACHE/**",
            "$XDG_CACHE_HOME/huggingface/hub/**",
            "**/models--*/**",
            "**/datasets--*/**",
            "**/spaces--*/**",
        ),
        environment=("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE", "HF_HOME", "XDG_CACHE_HOME"),
        purpose="Finds models that Hugging Face libraries downloaded, with repository, revision and claimed digest.",
    ),
    roots=_roots,
    looks_like=_looks_like,
    explore=_explore,
    markers=frozenset({b"snapshots"}),
    describe=_describe,
)
