"""The answers of C2SP tlog-witness, and what they reveal about a log whose owner rewrote it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.logs import KEY, numbered, opened
from tests.ledger.test_tree import naive_root, nodes_of

from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.checkpoint import Checkpoint
from weighbridge.ledger.cosignature import CosignerKey, EdCosigner
from weighbridge.ledger.note import Note, signature_lines, signed, verified
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.tree import EMPTY_ROOT, consistency_proof
from weighbridge.ledger.witness import Answer, InProcess, Seen, Witness, read_request, write_request
from weighbridge.ledger.witness_client import ForkedError, RollbackError, submit

COSIGNER = EdCosigner("w.example", b"w" * 32)
TRUSTED = [CosignerKey(COSIGNER.text)]


def witness(memory: InProcess | None = None, told: list[str] | None = None) -> Witness:
    def tell(origin: str, _request: bytes) -> None:
        if told is not None:
            told.append(origin)

    return Witness([COSIGNER], {KEY.name: [KEY.public]}, memory or InProcess(), lambda: 1_700_000_000.5, tell)


def note(size: int, root: bytes | None = None, key: PrivateKey = KEY, origin: str = KEY.name) -> Note:
    return signed(Checkpoint(origin, size, naive_root(numbered(0, size)) if root is None else root).text, key)


def proof(old: int, new: int) -> tuple[bytes, ...]:
    return consistency_proof(old, new, nodes_of(numbered(0, new)))


def ask(asked: Witness, old: int, size: int) -> Answer:
    return asked.add_checkpoint(write_request(old, proof(old, size), note(size)))


def test_what_continues_is_cosigned() -> None:
    asked = witness()
    for old, new in ((0, 0), (0, 3), (3, 10), (10, 10), (10, 300)):
        answer = ask(asked, old, new)
        assert answer.status == 200
        both = Note(note(new).text, signature_lines(answer.body))
        assert verified(both, TRUSTED)


def test_each_refusal_has_its_status() -> None:
    asked, told = witness(), []
    asked = witness(told=told)
    assert ask(asked, 0, 5).status == 200
    other = PrivateKey("other.example", bytes(32))
    unknown = write_request(0, (), note(5, key=other, origin=other.name))
    assert asked.add_checkpoint(unknown).status == 404
    assert asked.add_checkpoint(write_request(5, (), note(5, key=other))).status == 403
    forged = note(5)
    forged = forged._replace(text=Checkpoint(KEY.name, 5, bytes(32)).text)
    assert asked.add_checkpoint(write_request(5, (), forged)).status == 403
    assert asked.add_checkpoint(write_request(6, (), note(5))).status == 400
    answer = ask(asked, 3, 9)
    assert (answer.status, answer.body, answer.content_type) == (409, "5\n", "text/x.tlog.size")
    assert told == []
    for old, path, bad in (
        (5, proof(5, 9), note(9, root=bytes(32))),
        (5, proof(4, 9), note(9)),
        (5, (), note(9)),
    ):
        assert asked.add_checkpoint(write_request(old, path, bad)).status == 422
    assert told == [KEY.name] * 3
    assert ask(asked, 5, 9).status == 200
    fresh = witness()
    assert fresh.add_checkpoint(write_request(0, (bytes(32),), note(5))).status == 422
    assert fresh.add_checkpoint(write_request(0, (), note(0, root=bytes(32)))).status == 409


@pytest.mark.parametrize(
    "request_bytes",
    [b"", b"old 0", b"old 00\n\n", b"old -1\n\n", b"new 0\n\n", b"old 0\nAAAA\n\n", b"\xff\n\n",
     b"old 0\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\n"],
)  # fmt: skip
def test_what_is_malformed_is_400(request_bytes: bytes) -> None:
    assert witness().add_checkpoint(request_bytes + bytes(note(1))).status == 400


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(request_bytes: bytes) -> None:
    assert witness().add_checkpoint(request_bytes).status == 400


def test_a_request_is_read_as_it_was_written() -> None:
    request = write_request(3, proof(3, 9), note(9))
    assert read_request(request) == (3, proof(3, 9), note(9), Checkpoint(KEY.name, 9, naive_root(numbered(0, 9)), ()))


def test_nothing_is_cosigned_that_could_not_be_remembered() -> None:
    class Full(InProcess):
        def put(self, origin: str, seen: Seen, note: bytes) -> None:
            raise OSError("no space")

    with pytest.raises(OSError):
        ask(witness(Full()), 0, 5)


# What a witness reveals


def test_a_log_is_cosigned_again_and_again() -> None:
    disk, asked = FakeDisk(), witness()
    log = opened(disk)
    for step in range(4):
        log.append(numbered(step * 100, step * 100 + 100))
        both = submit(log, asked.add_checkpoint, TRUSTED)
        assert disk.content("checkpoint") == bytes(both)
        assert len(both.signatures) == 2
    submit(log, asked.add_checkpoint, TRUSTED)


def test_a_restored_snapshot_is_a_rollback_with_its_exact_loss() -> None:
    disk, asked = FakeDisk(), witness()
    log = opened(disk)
    log.append(numbered(0, 100))
    submit(log, asked.add_checkpoint, TRUSTED)
    log.close()
    snapshot = disk.files()
    with opened(disk) as log:
        log.append(numbered(100, 150))
        submit(log, asked.add_checkpoint, TRUSTED)
    disk.restore(snapshot)
    with opened(disk) as log, pytest.raises(RollbackError, match="records 100 to 149") as caught:
        submit(log, asked.add_checkpoint, TRUSTED)
    assert (caught.value.here, caught.value.witnessed) == (100, 150)


@pytest.mark.parametrize("size", [120, 150, 400])
def test_another_history_is_a_fork(size: int) -> None:
    disk, asked = FakeDisk(), witness()
    with opened(disk) as log:
        log.append(numbered(0, 100))
        snapshot = disk.files()
        log.append(numbered(100, 120))
        submit(log, asked.add_checkpoint, TRUSTED)
    disk.restore(snapshot)
    with opened(disk) as log:
        log.append([b"rewritten %d" % number for number in range(log.size, size)])
        with pytest.raises(ForkedError):
            submit(log, asked.add_checkpoint, TRUSTED)


def test_what_else_a_witness_may_answer_is_not_kept() -> None:
    disk = FakeDisk()
    log = opened(disk)
    log.append([b"one"])
    for answer in (Answer(500, ""), Answer(200, "— x AAAAAAAA\n"), Answer(200, "no signature"), Answer(409, "x\n")):
        with pytest.raises(ValueError):
            submit(log, lambda _, answer=answer: answer, TRUSTED)
    assert disk.content("checkpoint") == bytes(log.checkpoint())


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert note(0).text == Checkpoint(KEY.name, 0, EMPTY_ROOT).text


def test_another_root_at_the_same_size_is_a_conflict_and_is_kept() -> None:
    """C2SP tlog-witness: equal sizes with other roots are answered with 409."""
    told: list[str] = []
    asked = witness(told=told)
    assert ask(asked, 0, 5).status == 200
    answer = asked.add_checkpoint(write_request(5, (), note(5, root=bytes(32))))
    assert (answer.status, answer.body, told) == (409, "5\n", [KEY.name])
    assert ask(asked, 5, 5).status == 200


def test_no_time_is_stated_at_which_more_had_been_seen() -> None:
    """The time is taken while nobody else can be cosigned: a later checkpoint never has an earlier time."""
    order: list[str] = []

    class Told(InProcess):
        def put(self, origin: str, seen: Seen, note: bytes) -> None:
            order.append("put")
            super().put(origin, seen, note)

    def clock() -> float:
        order.append("clock")
        assert asked._deciding.locked()
        return 1.0

    asked = Witness([COSIGNER], {KEY.name: [KEY.public]}, Told(), clock)
    assert ask(asked, 0, 5).status == 200
    assert order == ["put", "clock"]
