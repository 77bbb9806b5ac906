import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.ledger.note import Note, Signature, parse, signature_lines, signed, verified
from weighbridge.ledger.note_keys import PrivateKey, PublicKey

KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXs"
    "YjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
"""Source: C2SP signed-note, "Example"."""


def test_the_example_of_the_specification_holds() -> None:
    note = parse(EXAMPLE.encode())
    assert note.text == "This is an example message.\n"
    assert bytes(note) == EXAMPLE.encode()
    assert [key.name for key in verified(note, [PublicKey.parse(KEY)])] == ["example.com/foo"]
    with pytest.raises(ValueError, match="does not hold"):
        verified(note._replace(text="This is another message.\n"), [PublicKey.parse(KEY)])


def test_signatures_of_others_are_passed_over() -> None:
    mine, other = PrivateKey("a.example", bytes(32)), PrivateKey("b.example", b"1" * 32)
    note = parse(bytes(signed("text\n\nwith a gap\n", mine, other)))
    assert note.text == "text\n\nwith a gap\n"
    assert verified(note, [mine.public]) == (mine.public,)
    assert verified(note, [PrivateKey("c.example", bytes(32)).public]) == ()
    namesake = PrivateKey("a.example", b"2" * 32)
    assert verified(note, [namesake.public]) == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"text\n", b"text\n\n", b"text\n\n- a AAAAAAA=\n", "text\n\n— a\n".encode(), "text\n\n— a AAAA\n".encode(),
     "text\n\n— a b AAAAAAAA\n".encode(), "text\n\n— a+b AAAAAAAA\n".encode(), "te\x07xt\n\n— a AAAAAAAA\n".encode(),
     b"\xff\n\n", "text\n\n— a AAAAAAAA".encode(), b"x" * (1 << 20) + b"x",
     ("text\n\n" + "— a AAAAAAAA\n" * 101).encode()],
)  # fmt: skip
def test_what_is_no_note_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        parse(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_refused(content: bytes) -> None:
    try:
        note = parse(content)
    except ValueError:
        return
    assert isinstance(note, Note)


def test_lines_of_a_witness_are_signatures() -> None:
    line = Signature("w.example", b"abcd", b"content")
    assert signature_lines(line.line) == (line,)
