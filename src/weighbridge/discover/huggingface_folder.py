"""A folder that `hf download --local-dir` filled: plain files, and a note on each about where it came from.

Layout, from huggingface_hub `_local_folder.py`: `.cache/huggingface/download/<file>.metadata` has three lines: commit,
etag (SHA-256 for large files, Git's SHA-1 for small ones) and the time of the download. The repository is not named.
"""

import re
from collections.abc import Iterator

from weighbridge.discover.folder import SHA256, declared, entries, files_below, join, small_file
from weighbridge.discover.probe import Candidate, Declaration, Probe
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined

_STORE = "huggingface-folder"
_SUFFIX = b".metadata"
_COMMIT = re.compile(r"[0-9a-f]{40}")


def _notes(machine: Machine, folder: bytes) -> bytes:
    return join(machine, folder, b".cache", b"huggingface", b"download")


def _roots(_machine: Machine) -> tuple[bytes, ...]:
    return ()


def _looks_like(machine: Machine, folder: bytes, _names: frozenset[bytes]) -> bool:
    listed = entries(machine, join(machine, folder, b".cache", b"huggingface"))
    return any(entry.name == b"download" and entry.kind == "directory" for entry in listed)


def _explore(machine: Machine, folder: bytes) -> Iterator[Candidate | Unexamined]:
    notes = _notes(machine, folder)
    for path, entry in files_below(machine, notes):
        if entry.kind != "file" or not entry.name.endswith(_SUFFIX):
            continue
        content = small_file(machine, path, 2000)
        if isinstance(content, Unexamined):
            yield content
            continue
        commit, etag, *_rest = [*content.decode("utf-8", "replace").splitlines(), "", ""]
        commit, etag = commit.strip(), etag.strip()
        known = _COMMIT.fullmatch(commit) is not None
        yield Candidate(
            path=folder + path[len(notes) : -len(_SUFFIX)],
            store=_STORE,
            store_name=f"commit {commit}" if known else None,
            claimed_sha256=etag if SHA256.fullmatch(etag) else None,
            facts=(declared("version", commit, "Hugging Face download note"),) if known else (),
        )


PROBE = Probe(
    id=_STORE,
    title="Hugging Face download folder",
    declaration=Declaration(
        reads=("**/.cache/huggingface", "**/.cache/huggingface/download/**"),
        purpose="Reads the notes that `hf download --local-dir` leaves, for commit and claimed digest.",
    ),
    roots=_roots,
    looks_like=_looks_like,
    explore=_explore,
    markers=frozenset({b".cache"}),
)
