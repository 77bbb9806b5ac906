"""Letting a witness cosign a log, and what it means when it refuses.

Source: C2SP tlog-witness.
"""

from collections.abc import Callable, Sequence

from weighbridge.ledger.checkpoint import checkpoint_of, decimal
from weighbridge.ledger.log import Log
from weighbridge.ledger.note import Note, Verifier, signature_lines, verified
from weighbridge.ledger.witness import Answer, write_request


class RollbackError(Exception):
    """A witness saw more of this log than there is: it was cut or an earlier state was put back.

    Args:
        here: entries that the log has.
        witnessed: entries that the witness cosigned.
    """

    def __init__(self, here: int, witnessed: int) -> None:
        super().__init__(f"records {here:,} to {witnessed - 1:,} were witnessed and are not here any more")
        self.here = here
        self.witnessed = witnessed


class ForkedError(Exception):
    """A witness cosigned another history of this log."""


def submit(log: Log, ask: Callable[[bytes], Answer], trusted: Sequence[Verifier]) -> Note:
    """Let a witness cosign the last checkpoint of a log, and keep it with the log.

    Args:
        log: open for writing.
        ask: passes a request to a witness and returns its answer.
        trusted: keys of the witness.

    Returns:
        The checkpoint with the cosignatures.

    Raises:
        RollbackError: the witness has seen more than there is.
        ForkedError: the witness has seen something else.
        ValueError: it answered anything else, or with signatures that do not hold.
    """
    note = log.checkpoint()
    size = checkpoint_of(note.text).size
    answer = ask(write_request(0, (), note))
    if answer.status == 409:
        witnessed = decimal(answer.body.removesuffix("\n"))
        if witnessed > size:
            raise RollbackError(size, witnessed)
        answer = ask(write_request(witnessed, log.prove_consistency(witnessed), note))
    if answer.status == 422 or (answer.status == 409 and answer.body == f"{size}\n"):
        raise ForkedError("the witness cosigned another history of this log")
    if answer.status != 200:
        raise ValueError(f"the witness answered {answer.status}")
    both = note_with(note, answer.body, trusted)
    log.cosign(both)
    return both


def note_with(note: Note, lines: str, trusted: Sequence[Verifier]) -> Note:
    """Return a checkpoint with the cosignatures of an answer that are by trusted keys; others are passed over.

    Raises:
        ValueError: there is none, or one that does not hold.
    """
    answered = note._replace(signatures=signature_lines(lines))
    names = {(one.name, one.key_id) for one in verified(answered, trusted)}
    if not names:
        raise ValueError("the witness did not sign with a key that is trusted")
    added = [one for one in answered.signatures if (one.name, one.key_id) in names]
    return note._replace(signatures=(*note.signatures, *added))
