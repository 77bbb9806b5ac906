"""A folder's survey changes with everything that matters about its files."""

import os

import pytest

from weighbridge.host.fake_file import FakeStat
from weighbridge.host.survey import survey_folder, survey_of, unchanged_names

OWN = FakeStat(1, 2, 0, 0, 0, 0o040755, 0)


def stat(**changes):
    plain = FakeStat(st_dev=1, st_ino=7, st_size=5, st_mtime_ns=10, st_ctime_ns=20, st_mode=0o100644, st_blocks=8)
    return plain._replace(**changes)


def surveyed(*entries, own=OWN):
    return survey_of(entries, 0, own)


@pytest.mark.parametrize("field", ["st_ino", "st_size", "st_mtime_ns", "st_ctime_ns"])
def test_every_number_counts(field):
    before, after = surveyed((b"a", stat())), surveyed((b"a", stat(**{field: 99})))
    assert before.fingerprint() != after.fingerprint()
    assert unchanged_names(before.listing(), after) == frozenset()


def test_names_and_folder_count():
    before = surveyed((b"a", stat()), (b"b", stat()))
    assert before.fingerprint() != surveyed((b"ab", stat())).fingerprint()
    assert before.fingerprint() != surveyed((b"a", stat()), (b"c", stat())).fingerprint()
    assert before.fingerprint() != surveyed((b"a", stat()), (b"b", stat()), own=OWN._replace(st_ino=3)).fingerprint()
    assert before.fingerprint() == surveyed((b"a", stat()), (b"b", stat())).fingerprint()


def test_folders_are_apart():
    with_folder = surveyed((b"z", stat(st_mode=0o040755)), (b"d", stat(st_mode=0o040755)), (b"a", stat()))
    assert [name for name, _ in with_folder.folders] == [b"d", b"z"]
    assert with_folder.fingerprint() == surveyed((b"a", stat())).fingerprint()


def test_only_unchanged_names_are_unchanged():
    before = surveyed((b"same", stat()), (b"\xff", stat()), (b"changed", stat()), (b"gone", stat()))
    after = surveyed((b"new", stat()), (b"changed", stat(st_size=6)), (b"\xff", stat()), (b"same", stat()))
    assert unchanged_names(before.listing(), after) == {b"same", b"\xff"}


@pytest.mark.parametrize("earlier", [b"", b"\0" * 16, b"\xff" * 100, b"garbage"])
def test_a_damaged_listing_says_nothing_is_unchanged(earlier):
    assert unchanged_names(earlier, surveyed((b"a", stat()))) == frozenset()


def test_a_listing_of_another_device_says_nothing():
    before = surveyed((b"a", stat()))
    assert unchanged_names(before.listing(), surveyed((b"a", stat()), own=OWN._replace(st_dev=9))) == frozenset()


def test_numbers_beyond_64_bits_do_not_fail():
    huge = surveyed((b"a", stat(st_ino=1 << 100, st_mtime_ns=1 << 70)))
    assert unchanged_names(huge.listing(), huge) == {b"a"}


def test_this_machine(tmp_path):
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "folder").mkdir()
    path = os.fsencode(tmp_path)
    before = survey_folder(path)
    assert (before.names, before.total_bytes(), before.vanished) == ([b"file"], 5, 0)
    assert [name for name, _ in before.folders] == [b"folder"]
    assert before.fingerprint() == survey_folder(path).fingerprint()
    status = os.stat(tmp_path / "file")
    (tmp_path / "file").write_bytes(b"54321")
    os.utime(tmp_path / "file", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert before.fingerprint() != survey_folder(path).fingerprint()


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    with pytest.raises(OSError):
        survey_folder(os.fsencode(tmp_path / "link"))
