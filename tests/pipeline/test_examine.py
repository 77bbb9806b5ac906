import hashlib
import io
import zipfile

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
