import gzip
import hashlib
import io
import random
import tarfile
import zipfile

import pytest
from tests.samples.safetensors_file import small

from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Assessment
from weighbridge.pipeline.examine import examine

PATH = b"/home/ada/file"


def examined(content: bytes, *, digest_members: bool = True) -> list[tuple[str | None, str, str, str | None]]:
    machine = FakeMachine()
    machine.add_file(PATH, content)
    outcome = examine(machine, PATH, digest_members=digest_members)
    return [(item.member, item.format, str(item.assessment), item.sha256) for item in outcome.examined]


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_plain_files_give_nothing() -> None:
    assert examined(b"plain words") == []


def test_a_model_is_examined_without_a_digest_of_its_own() -> None:
    assert examined(small()) == [(None, "safetensors", "clean", None)]


def test_a_member_has_its_own_digest() -> None:
    content = small()
    assert examined(zipped(model=content, readme=b"hello"))[1:] == [
        ("model", "safetensors", "clean", hashlib.sha256(content).hexdigest())
    ]


def test_members_are_not_hashed_unless_asked() -> None:
    assert examined(zipped(model=small()), digest_members=False)[1][3] is None


def test_a_file_that_is_gone_is_a_result() -> None:
    outcome = examine(FakeMachine(), b"/home/ada/gone", digest_members=False)
    assert outcome.examined == ()
    assert [item.path for item in outcome.unexamined] == [b"/home/ada/gone"]


def test_a_bad_disk_makes_the_artifact_incomplete() -> None:
    machine = FakeMachine()
    machine.add_file(PATH, small())
    machine.break_at(PATH, 8)
    outcome = examine(machine, PATH, digest_members=False)
    answers = {item.assessment for item in outcome.examined}
    assert answers == {Assessment.INCOMPLETE} or outcome.unexamined


def test_a_file_that_changes_while_it_is_read_is_not_called_clean() -> None:
    machine = FakeMachine()
    machine.add_file(PATH, small())
    machine.change_on_read(PATH, b"\0" * len(small()))
    outcome = examine(machine, PATH, digest_members=False)
    assert Assessment.CLEAN not in {item.assessment for item in outcome.examined}


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), mtime=0)


NOISE = random.Random(1).randbytes(200_000)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_half_a_download_of_anything_is_not_every_kind_of_model(keep: float) -> None:
    whole = packed(picture=NOISE)
    machine = FakeMachine()
    machine.add_file(PATH, whole[: int(len(whole) * keep)])
    outer, inner = examine(machine, PATH, digest_members=True).examined
    assert (outer.format, outer.assessment) == ("gzip", Assessment.NOT_A_MODEL)
    assert (inner.format, inner.assessment, inner.sha256) == ("tar", Assessment.INCOMPLETE, None)
    assert {finding.check for finding in inner.findings} == {"unread"}


@pytest.mark.parametrize("keep", [0.001, 0.5])
def test_what_breaks_off_has_no_digest(keep: float) -> None:
    whole = packed(model=small() + NOISE, other=small())
    assert [digest is None for _, _, _, digest in examined(whole)[1:]] == [False, False]
    inside = examined(whole[: int(len(whole) * keep)])[1:]
    assert inside
    assert {digest for _, _, _, digest in inside} == {None}
