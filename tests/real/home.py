"""One home folder full of real files, and what must be said of each."""

from dataclasses import dataclass
from pathlib import Path

from tests.real import benign, loose, stores
from tests.real.writing import run_child, write_all

ALLOWED = {
    "data": frozenset({"clean"}),
    "framework": frozenset({"clean", "review"}),
    "beside": frozenset({"clean", "not-a-model"}),
    "other": frozenset({"not-a-model"}),
}
"""Kind of a file -> the assessments that do not accuse it."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """The folder, and the kind of every file and archive member in it."""

    folder: Path
    files: dict[Path, str]
    members: dict[tuple[Path, str], str]
    """`*` as member: the only member, whatever it is called."""
    problems: dict[str, str]
    """Writer -> why it wrote nothing."""


def build(folder: Path, writers: dict[str, str], notes: Path) -> Home:
    """Let every installed library of `writers` write, then fill stores, scatter copies and pack archives."""
    written = folder / "work"
    kinds, problems = write_all(writers, written, notes)
    files = {written / path: kind for path, kind in kinds.items()}
    files |= stores.fill_huggingface(written, folder)
    files |= stores.fill_ollama(written, folder)
    files |= stores.fill_lm_studio(written, folder)
    files |= loose.scatter(written, folder, kinds)
    files |= benign.fill_documents(folder)
    members = loose.pack(written, folder, kinds)
    run_child(["tests.real.packing", str(written / "gguf/tiny-q8_0.gguf"), str(folder / "archives/tiny.7z")])
    members[folder / "archives/tiny.7z", "tiny-q8_0.gguf"] = "data"
    return Home(folder=folder, files=files, members=members, problems=problems)
