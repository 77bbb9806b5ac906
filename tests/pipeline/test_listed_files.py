import io
import os
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from tests.samples.safetensors_file import small
from tests.samples.signed_model import model

from weighbridge.bom.read import Entry, entries
from weighbridge.host.fake import FakeMachine
from weighbridge.host.real import RealMachine
from weighbridge.pipeline.listed_files import verify_against_bom
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan
from weighbridge.report.bill import bill
from weighbridge.report.renderer import Context
from weighbridge.signing.verification import Kind, Outcome, Verification

MACHINE = RealMachine()


def listed(folder: Path) -> list[Entry]:
    """Return what a bill of materials of `folder` names."""
    found = scan(MACHINE, Options(roots=(bytes(folder),), cache=False))
    context = Context(version="1", machine="m", roots=(str(folder),), finished_at="", policy="")
    return list(entries(bill(found, context)))


def kinds(found: Verification) -> list[tuple[Kind, str]]:
    assert (found.outcome is Outcome.FAILED) is bool(found.problems)
    return [(problem.kind, problem.path) for problem in found.problems]


def check(folder: Path, named: list[Entry]) -> list[tuple[Kind, str]]:
    return kinds(verify_against_bom(MACHINE, bytes(folder), named))


def packed(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "models/sub").mkdir(parents=True)
    (tmp_path / "models/a.safetensors").write_bytes(small())
    (tmp_path / "models/sub/packed.zip").write_bytes(packed(inner=small(), text=b"words"))
    (tmp_path / "models/notes.txt").write_text("words")
    return tmp_path / "models"


def test_a_folder_is_as_its_own_document_says(folder: Path) -> None:
    named = listed(folder)
    assert [entry.path for entry in named] == ["a.safetensors", "sub/packed.zip!/inner"]
    found = verify_against_bom(MACHINE, bytes(folder), named)
    assert (found.outcome, found.files, found.size) == (Outcome.VERIFIED, 2, 2 * len(small()))
    (folder / "notes.txt").write_text("other words")
    assert check(folder, named) == []


def test_a_model_that_was_added_is_found_by_content(folder: Path) -> None:
    named = listed(folder)
    for name in ("readme.txt", "nothing", "a.safetensors.bak"):
        (folder / name).write_bytes(small(b"\1" * 48))
    (folder / "more.zip").write_bytes(packed(inner=small(b"\2" * 48)))
    assert check(folder, named) == [
        (Kind.EXTRA, "a.safetensors.bak"),
        (Kind.EXTRA, "more.zip!/inner"),
        (Kind.EXTRA, "nothing"),
        (Kind.EXTRA, "readme.txt"),
    ]


def test_members_of_archives_are_compared(folder: Path) -> None:
    named = listed(folder)
    (folder / "sub/packed.zip").write_bytes(packed(inner=small(b"\1" * 48), other=small(b"\2" * 48)))
    assert check(folder, named) == [(Kind.CHANGED, "sub/packed.zip!/inner"), (Kind.EXTRA, "sub/packed.zip!/other")]
    (folder / "sub/packed.zip").write_bytes(packed(text=b"words"))
    assert check(folder, named) == [(Kind.MISSING, "sub/packed.zip!/inner")]


def test_what_lies_in_a_listed_archive_needs_no_entry(folder: Path) -> None:
    content = (folder / "sub/packed.zip").read_bytes()
    whole = [Entry("a.safetensors", sha256(small()).hexdigest(), None)]
    assert check(folder, whole) == [(Kind.EXTRA, "sub/packed.zip!/inner")]
    assert check(folder, [*whole, Entry("sub/packed.zip", sha256(content).hexdigest(), None)]) == []


def test_names_that_are_not_utf8_and_one_file_alone(folder: Path) -> None:
    if os.name == "nt":
        pytest.skip("names are text there")
    odd = os.fsencode(folder) + b"/\xff\x1b.safetensors"
    with open(odd, "wb") as file:
        file.write(small(b"\3" * 48))
    named = listed(folder)
    assert len(named) == 3
    assert check(folder, named) == []
    alone = folder / "a.safetensors"
    assert check(alone, listed(alone)) == []


def test_files_that_are_no_artifacts_count_if_named_or_of_a_named_ending(tmp_path: Path) -> None:
    folder = model(tmp_path)
    named = [Entry("weights.bin", sha256((folder / "weights.bin").read_bytes()).hexdigest(), 3000)]
    assert check(folder, named) == [(Kind.EXTRA, "a/z.bin")]
    (folder / "a/z.bin").unlink()
    assert check(folder, named) == []
    (folder / "weights.bin").rename(folder / "renamed.bin")
    assert check(folder, named) == [(Kind.RENAMED, "weights.bin")]
    assert verify_against_bom(MACHINE, bytes(folder), []).outcome is Outcome.UNVERIFIABLE


def test_what_cannot_be_looked_at_is_told_unless_the_document_says_so() -> None:
    machine = FakeMachine()
    machine.add_file(b"/m/a.safetensors", small())
    machine.add_file(b"/m/b.safetensors", small(b"\1" * 48))
    named = [Entry("a.safetensors", sha256(small()).hexdigest(), None)]
    machine.forbid(b"/m/b.safetensors")
    (problem,) = verify_against_bom(machine, b"/m", named).problems
    assert (problem.kind, problem.path) == (Kind.UNREADABLE, "b.safetensors")
    assert kinds(verify_against_bom(machine, b"/m", named, {"b.safetensors"})) == []
    machine.forbid(b"/m/a.safetensors")
    assert kinds(verify_against_bom(machine, b"/m", named, {"a.safetensors", "b.safetensors"})) == [
        (Kind.UNREADABLE, "a.safetensors")
    ]


def test_a_cache_with_blobs_links_and_notes_is_as_its_own_document_says(tmp_path: Path) -> None:
    digest = sha256(small()).hexdigest()
    blobs, snapshot = tmp_path / "models--o--m/blobs", tmp_path / "models--o--m/snapshots" / ("0" * 40)
    for folder in (blobs, snapshot, tmp_path / "models--o--m/refs"):
        folder.mkdir(parents=True)
    (blobs / digest).write_bytes(small())
    (snapshot / "model.safetensors").symlink_to(f"../../blobs/{digest}")
    (tmp_path / "models--o--m/refs/main").write_text("0" * 40)
    named = listed(tmp_path)
    assert len(named) == 2
    assert check(tmp_path, named) == []
    (snapshot / "model.safetensors").unlink()
    assert check(tmp_path, named) == [(Kind.MISSING, f"models--o--m/snapshots/{'0' * 40}/model.safetensors")]
