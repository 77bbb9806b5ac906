import gzip
import io
import tarfile
import tracemalloc
import zipfile

import pytest
from tests.samples.safetensors_file import small

from weighbridge.host.machine import IsolationError
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.observation import Excess, NameMismatch, Unread
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.inspect import Inspected, inspect

ZIP, TAR = "zip", "tar"


def no_child(_parser: str, _payload: bytes) -> bytes:
    raise IsolationError("no child process in this test")


def inspected(content: bytes, name: bytes = b"file", limits: Limits | None = None) -> list[Inspected]:
    return inspect(BytesSource(content, name), no_child, Budget(limits))


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def models(found: list[Inspected]) -> list[tuple[str | None, str]]:
    return [(item.member, item.format) for item in found if item.holds_model]


def test_a_model_has_no_member() -> None:
    assert models(inspected(small())) == [(None, "safetensors")]


def test_archives_in_archives_join_their_names() -> None:
    inner = zipped({"deep/model": small()})
    assert models(inspected(zipped({"inner.bin": inner}))) == [("inner.bin!/deep/model", "safetensors")]


def test_a_compressed_tar_is_one_archive() -> None:
    packed = gzip.compress(tarred({"in/model": small()}))
    assert models(inspected(packed, b"models.tar.gz")) == [("in/model", "safetensors")]


def test_a_tar_in_a_zip_keeps_its_own_name() -> None:
    packed = zipped({"models.tar": tarred({"model": small()})})
    assert models(inspected(packed)) == [("models.tar!/model", "safetensors")]


def test_nesting_beyond_the_limit_is_said() -> None:
    content = small()
    for _level in range(4):
        content = zipped({"next": content})
    found = inspected(content, limits=Limits(depth=2))
    reasons = [item.reason for one in found for item in one.observations if isinstance(item, Unread)]
    assert any("nested deeper than 2" in reason for reason in reasons)


def test_a_name_that_another_format_owns_is_noted() -> None:
    (found,) = inspected(small(), b"weights.gguf")
    assert [item.actual for item in found.observations if isinstance(item, NameMismatch)] == ["safetensors"]


def test_a_name_without_any_known_content_is_noted_and_read_by_its_owner() -> None:
    (found,) = inspected(b"no tensors here at all", b"weights.safetensors")
    assert found.holds_model
    assert [item.actual for item in found.observations if isinstance(item, NameMismatch)] == ["unknown"]


@pytest.mark.parametrize("name", [b"notes.txt", b"data.bin", b"noextension"])
def test_plain_content_under_plain_names_is_nothing(name: bytes) -> None:
    assert inspected(b"plain words, nothing else", name) == []


def test_an_empty_file_under_the_name_of_a_model_is_a_gap() -> None:
    (item,) = inspected(b"", b"weights.npy")
    assert (item.format, item.holds_model) == ("npy", True)
    assert [type(note) for note in item.observations] == [Unread]


@pytest.mark.parametrize("name", [b"weights", b"notes.txt", b"model.bin", b"a.pt"])
def test_other_empty_files_are_nothing(name: bytes) -> None:
    assert inspected(b"", name) == []


def test_a_child_that_dies_is_a_gap() -> None:
    template = b'{"tokenizer_class": "X", "chat_template": "{{ messages }}"}'
    (found,) = inspected(template, b"tokenizer_config.json")
    assert any(isinstance(item, Unread) and "no child process" in item.reason for item in found.observations)


def test_a_limit_reached_is_a_result() -> None:
    found = inspected(zipped({"a": small(), "b": small()}), limits=Limits(members=1))
    assert any(isinstance(item, Excess | Unread) for one in found for item in one.observations)


def test_more_models_than_an_archive_may_hold_is_said() -> None:
    found = inspected(zipped({str(number): small() for number in range(5)}), limits=Limits(models=2))
    assert len(models(found)) == 3
    assert any("models in one file" in item.reason for item in found[0].observations if isinstance(item, Unread))


def held_at_most(members: int) -> int:
    """Return the most bytes that looking into an archive of so many plain members takes."""
    archive = zipped({f"module{number}.py": b"def plain(): ...\n" * 1500 for number in range(members)})
    tracemalloc.start()
    try:
        assert models(inspected(archive)) == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_members_that_are_nothing_leave_little_behind() -> None:
    held_at_most(10)  # what is loaded once
    assert held_at_most(400) - held_at_most(100) < 300 * 6000
