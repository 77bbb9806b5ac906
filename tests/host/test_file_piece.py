"""Pieces of files: what is in memory at once, the rest from the disk, and never more than was asked for."""

import os

import pytest

from weighbridge.host import file_piece
from weighbridge.host.file_piece import piece, piece_at_hand

BODY = bytes(range(256)) * 64


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "weights"
    file.write_bytes(BODY)
    return str(file)


def test_a_piece(path):
    assert piece(path, 0, len(BODY)) == BODY
    assert piece(path, 300, 20) == BODY[300:320]
    assert piece(path, len(BODY) - 5, 20) == BODY[-5:]
    assert piece(path, len(BODY) + 5, 20) == b""


def test_what_is_at_hand_is_right(path):
    buffer = bytearray(1000)
    count = piece_at_hand(path, 700, memoryview(buffer))
    # Nothing at hand is an answer, too: a file system may not say.
    assert buffer[:count] == BODY[700 : 700 + count]
    assert piece_at_hand(path, len(BODY), memoryview(buffer)) == 0


def test_where_the_system_cannot_say_nothing_is_at_hand(path, monkeypatch):
    monkeypatch.setattr(file_piece, "_NO_WAIT", 0)
    assert piece_at_hand(path, 0, memoryview(bytearray(10))) == 0


def test_a_file_system_that_refuses_is_read_the_other_way(path, monkeypatch):
    def refuses(*_):
        raise OSError(95, "not supported")

    monkeypatch.setattr(file_piece, "_NO_WAIT", 1)
    monkeypatch.setattr(os, "preadv", refuses, raising=False)
    assert piece_at_hand(path, 0, memoryview(bytearray(10))) == 0


def test_what_is_not_there_is_an_error(path, monkeypatch):
    with pytest.raises(FileNotFoundError):
        piece(path + "2", 0, 1)
    monkeypatch.setattr(file_piece, "_NO_WAIT", 1)
    with pytest.raises(FileNotFoundError):
        piece_at_hand(path + "2", 0, memoryview(bytearray(1)))


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="no such flag here")
def test_a_link_is_not_followed(path):
    os.symlink(path, path + "2")
    with pytest.raises(OSError):
        piece(path + "2", 0, 1)
