"""Digests in parallel: right, cancelable, honest about change."""

import hashlib
import os

import blake3
import pytest

from weighbridge.host import digest
from weighbridge.host.digest import BLOCK_BYTES, digest_files


@pytest.fixture
def paths(tmp_path):
    sizes = (0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 20 << 20, (20 << 20) + 5)
    for number, size in enumerate(sizes):
        (tmp_path / f"{number}").write_bytes(os.urandom(size))
    return [os.fsencode(tmp_path / f"{number}") for number in range(len(sizes))]


@pytest.mark.parametrize("workers", [1, 2, 8, 20])
@pytest.mark.parametrize("with_blake3", [False, True])
def test_digests_are_right_with_any_number_of_workers(paths, workers, with_blake3):
    answers = dict(digest_files(paths, with_blake3=with_blake3, workers=workers))
    for path in paths:
        with open(path, "rb") as opened:
            content = opened.read()
        assert answers[path].sha256 == hashlib.sha256(content).hexdigest()
        assert answers[path].blake3 == (blake3.blake3(content).hexdigest() if with_blake3 else None)
        assert answers[path].size == len(content)


def test_no_paths_give_nothing():
    assert list(digest_files([])) == []


@pytest.mark.parametrize("workers", [1, 9])
def test_closing_cancels(paths, workers):
    seen = []
    many = paths * 20
    answers = digest_files(many, seen.append, workers=workers)
    next(answers)
    answers.close()
    assert sum(seen) < sum(os.path.getsize(path) for path in many)


@pytest.mark.parametrize("workers", [1, 4])
def test_a_file_that_grows_meanwhile_is_a_failure(paths, workers):
    def grow(_count):
        with open(paths[-1], "ab") as out:
            out.write(b"more")

    ((_, answer),) = digest_files(paths[-1:], grow, workers=workers)
    assert isinstance(answer, OSError)
    assert "changed" in str(answer)


@pytest.mark.parametrize("size", [10, 20 << 20])
def test_a_read_error_is_a_failure(tmp_path, monkeypatch, size):
    (tmp_path / "file").write_bytes(bytes(size))

    class Broken:
        def __init__(self, *_arguments, **_options):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_arguments):
            return None

        def readinto(self, _block):
            raise OSError("bad disk")

    monkeypatch.setattr(digest, "open", Broken, raising=False)
    ((_, answer),) = digest_files([os.fsencode(tmp_path / "file")], workers=4)
    assert str(answer) == "bad disk"
