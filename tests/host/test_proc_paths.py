"""Paths below a root that is not ours: links stay inside of it, and the latest change on the way is known."""

import os
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("reads the clocks of Linux", allow_module_level=True)

from weighbridge.host.proc_paths import began_ns, follow, is_newer
from weighbridge.host.proc_stat import parse_stat


def followed(root: Path, path: bytes) -> Path:
    return Path(os.fsdecode(follow(os.fsencode(root), path).path))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "w").write_bytes(b"inside")
    (tmp_path / "w").write_bytes(b"outside")
    return folder


def test_an_absolute_link_stays_in_the_root_of_the_process(root: Path) -> None:
    (root / "models").symlink_to("/data")
    (root / "one").symlink_to("/models/w")
    assert followed(root, b"/one") == root / "data" / "w"


def test_a_relative_link_leads_on_from_its_folder(root: Path) -> None:
    (root / "data" / "link").symlink_to("./w")
    assert followed(root, b"/data//link") == root / "data" / "w"


def test_nothing_leads_above_the_root(root: Path) -> None:
    (root / "up").symlink_to("../../../w")
    with pytest.raises(FileNotFoundError):
        follow(os.fsencode(root), b"/up")
    assert followed(root, b"/../../data/w") == root / "data" / "w"


def test_links_in_a_circle_end(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        follow(os.fsencode(root), b"/a")


def test_the_latest_change_is_that_of_the_file_or_of_a_link_to_it(root: Path) -> None:
    plain = follow(os.fsencode(root), b"/data/w").changed_ns
    assert plain == (root / "data" / "w").stat().st_ctime_ns
    (root / "later").symlink_to("data/w")
    link = (root / "later").lstat().st_ctime_ns
    assert follow(os.fsencode(root), b"/later").changed_ns == max(plain, link)


def test_a_file_made_by_this_process_is_newer_than_it(tmp_path: Path) -> None:
    own = parse_stat(Path("/proc/self/stat").read_bytes(), None)
    made = tmp_path / "made"
    made.write_bytes(b"")
    assert is_newer(made.stat().st_ctime_ns, began_ns(own.started))
    assert not is_newer(Path(os.__file__).stat().st_ctime_ns, began_ns(own.started))
    assert not is_newer(began_ns(own.started), began_ns(own.started))
