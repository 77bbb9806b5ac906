import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.logs import KEY, numbered, opened

from weighbridge.host.fake_disk import FakeDisk
from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.proof import Proof, proof_of, why_not


@pytest.fixture(scope="module")
def proof() -> Proof:
    log = opened(FakeDisk())
    log.append(numbered(0, 700))
    note = log.checkpoint()
    return Proof(500, b"entry 500", log.prove_inclusion(500), note, checkpoint_of(note.text))


def test_a_proof_is_a_file_that_holds_by_itself(proof: Proof) -> None:
    content = bytes(proof)
    assert content.startswith(b"c2sp.org/tlog-proof@v1\nextra ZW50cnkgNTAw\nindex 500\n")
    assert content.count(b"\n\n") == 2
    assert proof_of(content) == proof
    assert why_not(proof_of(content), None, [KEY.public]) is None
    bare = proof_of(bytes(proof._replace(entry=None)))
    assert why_not(bare, b"entry 500", [KEY.public]) is None
    assert why_not(bare, None, [KEY.public]) == "it does not carry the record"


def test_a_proof_of_something_else_does_not_hold(proof: Proof) -> None:
    assert why_not(proof, b"entry 501", [KEY.public]) == "the record is not record 500 of the log"
    assert why_not(proof._replace(number=501), None, [KEY.public]) is not None
    assert why_not(proof._replace(path=proof.path[1:]), None, [KEY.public]) is not None
    other = PrivateKey("other", bytes(32)).public
    assert why_not(proof, None, [other]) == "its checkpoint is not signed by the key of the log"
    forged = proof._replace(note=proof.note._replace(text=proof.note.text.replace("700", "701")))
    assert "does not hold" in str(why_not(forged, None, [KEY.public]))


@given(st.data())
def test_a_changed_file_is_refused_or_does_not_hold(proof: Proof, data: st.DataObject) -> None:
    content = bytearray(bytes(proof))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    try:
        changed = proof_of(bytes(content))
    except ValueError:
        return
    assert why_not(changed, None, [KEY.public]) is not None


@pytest.mark.parametrize(
    "content", [b"", b"c2sp.org/tlog-proof@v1\n\n", b"c2sp.org/tlog-proof@v1\nindex 01\n\n", b"x" * (3 << 20)]
)
def test_what_is_no_proof_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        proof_of(content)
