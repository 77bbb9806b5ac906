"""Signed notes: a text and the signatures under it. Values in, values out; keys are `note_keys.py`.

Source: C2SP signed-note.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

LARGEST_NOTE = 1 << 20
MOST_SIGNATURES = 100
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_UNFIT = re.compile(r"[+\s\x00-\x1f]")


class Signature(NamedTuple):
    """One signature line."""

    name: str
    """Of the key."""
    key_id: bytes
    """Four bytes."""
    content: bytes

    @property
    def line(self) -> str:
        """As it stands in a note, with its line end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.content).decode()}\n"


class Note(NamedTuple):
    """A text that ends in a line end, and signatures that nobody has looked at yet."""

    text: str
    signatures: tuple[Signature, ...]

    def __bytes__(self) -> bytes:
        """The note as it is stored."""
        return (self.text + "\n" + "".join(one.line for one in self.signatures)).encode()


class Signer(Protocol):
    """A key that signs notes."""

    name: str
    key_id: bytes

    def sign(self, text: str) -> bytes:
        """Return the content of a signature."""
        ...


class Verifier(Protocol):
    """A key that is trusted."""

    name: str
    key_id: bytes

    def holds(self, text: str, signature: bytes) -> bool:
        """Tell whether a signature is this key's on `text`."""
        ...


def signed(text: str, *signers: Signer) -> Note:
    """Return a note with the signatures of `signers`."""
    return Note(text, tuple(Signature(one.name, one.key_id, one.sign(text)) for one in signers))


def parse(content: bytes) -> Note:
    """Return the note in `content`.

    Raises:
        ValueError: it is none, or too large; with a reason for a person.
    """
    if len(content) > LARGEST_NOTE:
        raise ValueError("is too large for a note")
    try:
        whole = content.decode()
    except UnicodeDecodeError:
        raise ValueError("is not UTF-8") from None
    if _CONTROL.search(whole):
        raise ValueError("has control characters")
    text, gap, rest = whole.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise ValueError("has no signatures")
    return Note(text + "\n", signature_lines(rest))


def signature_lines(text: str) -> tuple[Signature, ...]:
    """Return the signatures of lines as they stand under a note, and as a witness answers.

    Raises:
        ValueError: a line is no signature.
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise ValueError("has too many signatures")
    return tuple(_signature(line) for line in lines)


def verified(note: Note, verifiers: Sequence[Verifier]) -> tuple[Verifier, ...]:
    """Return the keys of `verifiers` that signed. Signatures of other keys are passed over.

    Raises:
        ValueError: a signature that names one of these keys does not hold.
    """
    found: list[Verifier] = []
    for signature in note.signatures:
        for verifier in verifiers:
            if (verifier.name, verifier.key_id) == (signature.name, signature.key_id):
                if not verifier.holds(note.text, signature.content):
                    raise ValueError(f"the signature of {signature.name} does not hold")
                if verifier not in found:
                    found.append(verifier)
    return tuple(found)


def name_fits(name: str) -> bool:
    """Tell whether a key may have this name."""
    return bool(name) and not _UNFIT.search(name)


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if (
        not line.startswith(_DASH)
        or not space
        or not name_fits(name)
        or len(content) < 5
        or base64.b64encode(content).decode() != encoded
    ):
        raise ValueError("has a line that is no signature")
    return Signature(name, content[:4], content[4:])
