import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from weighbridge.host.folder_events import Changed, FolderEvents

linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")


@pytest.fixture
def events() -> Iterator[FolderEvents]:
    try:
        found = FolderEvents()
    except OSError as error:  # every program of this account shares one limit, on a host with all its containers
        pytest.skip(f"nothing is announced here: {error.strerror}")
    yield found
    found.close()


def taken(events: FolderEvents) -> Changed:
    assert events.wait(60), "nothing was announced"
    return events.take()


@linux
def test_a_written_a_moved_and_a_deleted_file(events: FolderEvents, tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    events.watch(folder)
    (tmp_path / "a").write_bytes(b"x")
    assert taken(events) == Changed(frozenset({folder}), frozenset(), False)
    (tmp_path / "a").rename(tmp_path / "b")
    assert taken(events).folders == {folder}
    (tmp_path / "b").unlink()
    assert taken(events).folders == {folder}
    assert events.take() == Changed(frozenset(), frozenset(), False)


@linux
def test_a_new_folder_is_named(events: FolderEvents, tmp_path: Path) -> None:
    events.watch(os.fsencode(tmp_path))
    (tmp_path / "new").mkdir()
    assert taken(events).appeared == {os.fsencode(tmp_path / "new")}


@linux
def test_a_folder_that_goes_is_no_longer_watched(events: FolderEvents, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    events.watch(os.fsencode(inner))
    inner.rmdir()
    assert taken(events).folders == {os.fsencode(tmp_path)}
    assert len(events) == 0


@linux
def test_reading_announces_nothing(events: FolderEvents, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    events.watch(os.fsencode(tmp_path))
    (tmp_path / "a").read_bytes()
    os.listdir(tmp_path)
    assert not events.wait(0.05)


@linux
def test_what_is_forgotten_is_silent(events: FolderEvents, tmp_path: Path) -> None:
    events.watch(os.fsencode(tmp_path))
    events.forget([os.fsencode(tmp_path)])
    (tmp_path / "a").write_bytes(b"x")
    assert events.take().folders == frozenset()


@linux
@pytest.mark.parametrize("path", ["missing", "file", "link"])
def test_only_real_folders_are_watched(events: FolderEvents, tmp_path: Path, path: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(OSError, match=path):
        events.watch(os.fsencode(tmp_path / path))


@linux
def test_dropped_announcements_are_said(events: FolderEvents, tmp_path: Path) -> None:
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if most > 50_000:
        pytest.skip("this kernel queues very many announcements")
    events.watch(os.fsencode(tmp_path))
    first, second = tmp_path / "a", tmp_path / "b"
    first.touch()
    for _ in range(most // 2 + 10):
        first.rename(second)
        first, second = second, first
    assert events.take().lost


@pytest.mark.skipif(sys.platform == "linux", reason="other platforms have none")
def test_elsewhere_it_says_so() -> None:
    with pytest.raises(OSError, match="no inotify"):
        FolderEvents()
