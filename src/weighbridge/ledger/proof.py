"""Proof files: one entry, the checkpoint that covers it, the path between; whoever has the key can check it offline.

Source: C2SP tlog-proof. The `extra` line carries the entry itself, so that the file is all that is needed.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple

from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of, decimal, decoded_hash
from weighbridge.ledger.note import LARGEST_NOTE, Note, Verifier, parse, verified
from weighbridge.ledger.tiles import LARGEST_ENTRY
from weighbridge.ledger.tree import inclusion_holds, leaf_hash

HEADER = "c2sp.org/tlog-proof@v1"
LARGEST_PROOF = LARGEST_NOTE + 2 * LARGEST_ENTRY
_MOST_LINES = 63


class Proof(NamedTuple):
    """What a proof file holds; nothing of it is checked yet."""

    number: int
    """Index of the entry."""
    entry: bytes | None
    path: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    def __bytes__(self) -> bytes:
        """The file."""
        lines = [HEADER]
        if self.entry is not None:
            lines.append(f"extra {base64.b64encode(self.entry).decode()}")
        lines += [f"index {self.number}", *(base64.b64encode(one).decode() for one in self.path), "", ""]
        return "\n".join(lines).encode() + bytes(self.note)


def proof_of(content: bytes) -> Proof:
    """Return the proof in a file.

    Raises:
        ValueError: it is none; with a reason for a person.
    """
    if len(content) > LARGEST_PROOF:
        raise ValueError("is too large for a proof")
    head, gap, rest = content.partition(b"\n\n")
    if not gap or not head.startswith(HEADER.encode() + b"\n"):
        raise ValueError("is no proof")
    try:
        lines = head.decode("ascii").split("\n")[1:]
        entry = None
        if lines[0].startswith("extra "):
            encoded = lines.pop(0).removeprefix("extra ")
            entry = base64.b64decode(encoded, validate=True)
            if base64.b64encode(entry).decode() != encoded:
                raise ValueError("is damaged")
    except (UnicodeDecodeError, binascii.Error, ValueError):
        raise ValueError("is damaged") from None
    if not lines or not lines[0].startswith("index ") or len(lines) - 1 > _MOST_LINES:
        raise ValueError("is damaged")
    note = parse(rest)
    index = decimal(lines[0].removeprefix("index "))
    return Proof(index, entry, tuple(map(decoded_hash, lines[1:])), note, checkpoint_of(note.text))


def why_not(proof: Proof, entry: bytes | None, keys: Sequence[Verifier]) -> str | None:
    """Return why a proof does not hold; None if it does.

    Args:
        proof: as it was read.
        entry: what is to be in the log; by default what the proof carries.
        keys: of the log. The checkpoint must be signed by one of them.
    """
    entry = proof.entry if entry is None else entry
    if entry is None:
        return "it does not carry the record"
    try:
        if not verified(proof.note, keys):
            return "its checkpoint is not signed by the key of the log"
    except ValueError as error:
        return str(error)
    checkpoint = proof.checkpoint
    if not inclusion_holds(leaf_hash(entry), proof.number, checkpoint.size, proof.path, checkpoint.root):
        return f"the record is not record {proof.number:,} of the log"
    return None
