"""A file appears under its name whole; what is on its way can be gone on with."""

import os

import pytest

from weighbridge.host.model_store import Part, is_writable, link_to, place_same, room_for, write_whole


def test_a_part_is_gone_on_with(tmp_path):
    path, target = os.fsencode(tmp_path / "x" / "a.part"), os.fsencode(tmp_path / "x" / "a")
    first = Part(path)
    first.append(b"one")
    first.close()
    second = Part(path)
    assert second.size == 3
    with second.pieces() as pieces:
        assert b"".join(pieces) == b"one"
    second.append(b"two")
    assert not os.path.exists(target)
    second.publish(target)
    assert (tmp_path / "x" / "a").read_bytes() == b"onetwo"
    assert os.listdir(tmp_path / "x") == ["a"]


def test_a_part_can_begin_anew(tmp_path):
    part = Part(os.fsencode(tmp_path / "a"))
    part.append(b"wrong")
    part.restart()
    part.append(b"ok")
    part.publish(os.fsencode(tmp_path / "b"))
    assert (tmp_path / "b").read_bytes() == b"ok"


def test_a_link_in_the_place_of_a_part_is_not_followed(tmp_path):
    (tmp_path / "precious").write_bytes(b"mine")
    (tmp_path / "a").symlink_to("precious")
    with pytest.raises(OSError, match="symbolic links"):
        Part(os.fsencode(tmp_path / "a"))
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_links_replace_what_was_there(tmp_path):
    (tmp_path / "blob").write_bytes(b"x")
    link = os.fsencode(tmp_path / "deep" / "er" / "name")
    for _ in range(2):
        link_to(os.fsencode(tmp_path / "blob"), link)
    assert os.readlink(link) == b"../../blob"
    assert os.listdir(tmp_path / "deep" / "er") == ["name"]


def test_the_same_bytes_at_another_place_take_no_room(tmp_path):
    (tmp_path / "blob").write_bytes(b"x")
    source, place = os.fsencode(tmp_path / "blob"), os.fsencode(tmp_path / "there" / "name")
    assert place_same(source, place)
    assert place_same(source, place)
    assert os.path.samefile(source, place)


def test_they_are_copied_where_the_disk_has_no_links(tmp_path, monkeypatch):
    def refuse(*_args):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "symlink", refuse)
    (tmp_path / "blob").write_bytes(b"x")
    assert not place_same(os.fsencode(tmp_path / "blob"), os.fsencode(tmp_path / "name"))
    link_to(os.fsencode(tmp_path / "blob"), os.fsencode(tmp_path / "link"))
    assert (tmp_path / "name").read_bytes() == (tmp_path / "link").read_bytes() == b"x"


def test_a_small_file_is_replaced_in_one_step(tmp_path):
    path = os.fsencode(tmp_path / "refs" / "main")
    write_whole(path, b"a")
    write_whole(path, b"b")
    assert (tmp_path / "refs" / "main").read_bytes() == b"b"
    assert os.listdir(tmp_path / "refs") == ["main"]


def test_room_is_that_of_the_disk_even_where_the_folder_is_not_there_yet(tmp_path):
    assert room_for(os.fsencode(tmp_path / "a" / "b")) > 0


def test_only_a_folder_can_be_written_into(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert is_writable(bytes(tmp_path))
    assert not is_writable(bytes(tmp_path / "file"))
    assert not is_writable(bytes(tmp_path / "missing"))
