"""Large files that a person names: whole under their name, or as they were."""

import os

import pytest

from weighbridge.host.whole_file import reading, writing


def test_a_file_gets_its_name_when_all_of_it_is_there(tmp_path) -> None:
    path = os.fsencode(tmp_path / "out")
    for content in (b"first", b"second"):
        with writing(path) as file:
            file.write(content)
            assert sorted(os.listdir(tmp_path)) != ["out"]
        with reading(path) as file:
            assert file.read() == content
    assert os.listdir(tmp_path) == ["out"]


def test_what_fails_leaves_what_was_there(tmp_path) -> None:
    path = os.fsencode(tmp_path / "out")
    (tmp_path / "out").write_bytes(b"before")

    def fail() -> None:
        with writing(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert os.listdir(tmp_path) == ["out"]
    assert (tmp_path / "out").read_bytes() == b"before"


def test_a_place_that_is_none_is_said(tmp_path) -> None:
    for use in (reading, lambda path: writing(path).__enter__()):
        with pytest.raises(FileNotFoundError):
            use(os.fsencode(tmp_path / "none" / "out"))
    assert os.listdir(tmp_path) == []
