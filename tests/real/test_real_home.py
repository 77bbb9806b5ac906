"""A home folder of files that the real libraries wrote: every model found once, none accused, copies joined."""

import hashlib
import os
from collections import Counter
from pathlib import Path

import pytest
from tests.conftest import unavailable
from tests.real.home import ALLOWED, Home, build
from tests.real.writing import DEEP, STANDARD, missing
from tests.scanning import Scanned, scan

pytestmark = pytest.mark.real


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Home:
    base = missing({"gguf": "gguf", "safetensors": "safetensors", "onnx": "onnx", "py7zr": "py7zr"})
    if base:
        unavailable(f"not installed: {', '.join(base)}")
    writers = STANDARD | (DEEP if request.config.getoption("--deep") else {})
    return build(tmp_path_factory.mktemp("home"), writers, tmp_path_factory.mktemp("notes"))


@pytest.fixture(scope="session")
def scanned(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    return scan(home.folder, tmp_path_factory.mktemp("state"), "--no-cache", home=home.folder)


def test_every_library_wrote(home: Home) -> None:
    usual = {name: reason for name, reason in home.problems.items() if name in STANDARD}
    if usual:
        unavailable("; ".join(f"{name}: {reason}" for name, reason in usual.items()))
    if home.problems:
        pytest.skip("; ".join(f"{name}: {reason}" for name, reason in home.problems.items()))


def test_the_suite_is_large_enough(home: Home) -> None:
    if len([name for name in home.problems if name in STANDARD]) > 4:
        unavailable(f"no files by {', '.join(home.problems)}")
    models = [path for path, kind in home.files.items() if kind in ("data", "framework")]
    work = home.folder / "work"
    libraries = {path.relative_to(work).parts[0] for path in models if work in path.parents}
    assert len(models) >= 40
    assert len(libraries) >= 12


def test_no_file_is_accused(home: Home, scanned: Scanned) -> None:
    wrong = {}
    for path, kind in home.files.items():
        assessment = scanned.assessment(path)
        if assessment not in ALLOWED[kind]:
            wrong[str(path.relative_to(home.folder)).encode(errors="replace")] = (kind, assessment, _why(scanned, path))
    assert not wrong


def test_no_repository_is_accused(scanned: Scanned) -> None:
    accused = {
        repository["path"]: [finding["message"] for finding in repository["findings"]]
        for repository in scanned.document["repositories"]
        if repository["assessment"] not in ("clean", "review", "not-a-model")
    }
    assert not accused


def test_every_model_is_found_exactly_once(home: Home, scanned: Scanned) -> None:
    seen = Counter((path, member) for path, member, _artifact in scanned.places())
    assert [place for place, count in seen.items() if count > 1] == []
    files = {path for path, member in seen if member is None}
    lost = [
        path for path, kind in home.files.items() if kind in ("data", "framework") and os.fsencode(path) not in files
    ]
    assert lost == []


def test_every_member_of_an_archive_is_found(home: Home, scanned: Scanned) -> None:
    found = {(path, member): artifact for path, member, artifact in scanned.places() if member is not None}
    wrong = {}
    for (archive, member), kind in home.members.items():
        path = os.fsencode(archive)
        matches = [
            artifact
            for (place, inside), artifact in found.items()
            if place == path and member in ("*", inside, _after_stream(inside))
        ]
        if len(matches) != 1 or matches[0]["assessment"] not in ALLOWED[kind]:
            wrong[f"{archive.name}!/{member}"] = [match["assessment"] for match in matches]
    assert not wrong


def test_archives_themselves_are_not_accused(home: Home, scanned: Scanned) -> None:
    archives = {archive for archive, _member in home.members}
    wrong = {archive.name: scanned.assessment(archive) for archive in archives}
    assert {name: said for name, said in wrong.items() if said not in ("not-a-model", "clean")} == {}


def test_copies_are_one_artifact(home: Home, scanned: Scanned) -> None:
    by_place = {(path, member): artifact for path, member, artifact in scanned.places()}
    for path, kind in home.files.items():
        if kind in ("data", "framework"):
            artifact = by_place[os.fsencode(path), None]
            assert artifact["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    digests = Counter(artifact["sha256"] for artifact in scanned.document["artifacts"] if artifact["sha256"])
    assert [digest for digest, count in digests.items() if count > 1] == []


def test_stores_are_known(home: Home, scanned: Scanned) -> None:
    stores = {}
    for artifact in scanned.document["artifacts"]:
        for place in artifact["places"]:
            stores.setdefault(place.get("store"), []).append(place["path"])
    assert any("/huggingface/" in path for path in stores.get("huggingface", []))
    assert any("/.ollama/" in path for path in stores.get("ollama", []))
    names = {place.get("store_name") for artifact in scanned.document["artifacts"] for place in artifact["places"]}
    assert any(name and name.startswith("example/tiny") for name in names)
    assert any(name and "tiny" in name and "latest" in name for name in names)


def test_nothing_is_left_unexamined(scanned: Scanned) -> None:
    assert scanned.document["unexamined"] == []


def _after_stream(member: str) -> str:
    """Return a member path without the name of the tar inside a compressed file, if it begins with one."""
    head, separator, rest = member.partition("!/")
    return rest if separator and head.endswith(".tar") else member


def _why(scanned: Scanned, path: Path) -> list[str]:
    wanted = os.fsencode(path)
    return [
        finding["message"]
        for place, member, artifact in scanned.places()
        if place == wanted and member is None
        for finding in artifact["findings"]
        if finding["implies"] != "clean"
    ][:3]
