import os
from pathlib import Path

import pytest

from weighbridge.host.real import RealMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.signed_files import Listing, list_files


def listed(folder: Path, *ignored: str, follow: bool = True, signature: Path | None = None) -> Listing:
    at = None if signature is None else bytes(signature)
    return list_files(RealMachine(), bytes(folder), ignored, follow_links=follow, signature=at)


def test_names_are_relative_and_git_is_left_out(tmp_path: Path) -> None:
    for name in ("a", "sub/b", ".git/config", ".gitignore", "sub/.git", "cache/c", "model.sig"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    found = listed(tmp_path, "cache", signature=tmp_path / "model.sig")
    assert sorted(found.files) == ["a", "sub/.git", "sub/b"]
    assert found.problems == []


def test_a_snapshot_of_links(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs/x").write_text("weights")
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot/weights").symlink_to("../blobs/x")
    found = listed(tmp_path / "snapshot")
    assert found.links
    assert found.files == {"weights": bytes(tmp_path / "blobs/x")}
    assert [problem.reason for problem in listed(tmp_path / "snapshot", follow=False).problems] == [
        "is a symbolic link, and links are not followed here"
    ]


def test_what_nobody_can_sign(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "to-folder").symlink_to("folder")
    (tmp_path / "dangling").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff")).write_text("x")
    assert len(listed(tmp_path).problems) == 4
    assert listed(tmp_path).files == {}


def test_one_file_and_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    assert listed(tmp_path / "a").single
    with pytest.raises(WeighbridgeError, match="cannot be read"):
        listed(tmp_path / "b")
