"""A witness: remembers the largest checkpoint of each log, and cosigns only what continues it.

The protocol without its transport: a request as bytes in, status and body out. A server passes requests to
`Witness.add_checkpoint`; inside of one process `witness_client.submit` can be given it as it is. Source: C2SP
tlog-witness.
"""

import base64
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from weighbridge.ledger.checkpoint import Checkpoint, checkpoint_of, decimal, decoded_hash
from weighbridge.ledger.cosignature import Cosigner
from weighbridge.ledger.note import LARGEST_NOTE, Note, Verifier, parse, verified
from weighbridge.ledger.tree import EMPTY_ROOT, consistency_holds

MOST_PROOF_LINES = 63
LARGEST_REQUEST = LARGEST_NOTE + 8192


class Answer(NamedTuple):
    """What a witness says."""

    status: int
    """As in HTTP: 200 cosigned, 400 malformed, 403 bad signature, 404 unknown log, 409 other size, 422 inconsistent."""
    body: str
    content_type: str = "text/plain; charset=utf-8"


class Seen(NamedTuple):
    """The largest checkpoint that a witness cosigned of one log."""

    size: int
    root: bytes


NOTHING = Seen(0, EMPTY_ROOT)
"""What a witness has seen of a log that it never cosigned."""


class Memory(Protocol):
    """Where a witness remembers. What `put` returned for survives any crash."""

    def get(self, origin: str) -> Seen | None:
        """Return what was cosigned last; None if nothing was."""
        ...

    def put(self, origin: str, seen: Seen, note: bytes) -> None:
        """Remember a checkpoint that is about to be cosigned. Raises if that cannot be made durable."""
        ...


class InProcess:
    """A memory that lasts as long as its process."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def get(self, origin: str) -> Seen | None:
        """Return what was cosigned last; None if nothing was."""
        return self._seen.get(origin)

    def put(self, origin: str, seen: Seen, note: bytes) -> None:
        """Remember a checkpoint."""
        self._seen[origin] = seen


class Witness:
    """Cosigns the checkpoints of logs that it knows.

    Args:
        cosigners: its keys.
        logs: the keys of each log by its origin.
        memory: what it cosigned.
        clock: POSIX time.
        misbehavior: told of a checkpoint that its log signed and that contradicts an earlier one: origin and request.
    """

    def __init__(
        self,
        cosigners: Sequence[Cosigner],
        logs: Mapping[str, Sequence[Verifier]],
        memory: Memory,
        clock: Callable[[], float],
        misbehavior: Callable[[str, bytes], None] = lambda _origin, _request: None,
    ) -> None:
        self._cosigners, self._logs, self._memory, self._clock = cosigners, logs, memory, clock
        self._misbehavior = misbehavior
        self._deciding = threading.Lock()

    def add_checkpoint(self, request: bytes) -> Answer:
        """Answer one request: `old SIZE`, proof lines, an empty line, a signed checkpoint."""
        try:
            old, proof, note, checkpoint = read_request(request)
        except ValueError as error:
            return Answer(400, f"the request {error}\n")
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return Answer(404, "unknown log\n")
        # Comparing, remembering and the time are one act: two requests at once must not roll the memory back, and no
        # time may be stated at which more had been seen.
        with self._deciding:
            seen = self._memory.get(checkpoint.origin) or NOTHING
            answer = refusal(old, proof, note, checkpoint, keys, seen)
            if answer is not None:
                if contradicts(answer, checkpoint, old, seen):
                    self._misbehavior(checkpoint.origin, request)
                return answer
            self._memory.put(checkpoint.origin, Seen(checkpoint.size, checkpoint.root), bytes(note))
            seconds = int(self._clock())
        return Answer(200, cosignatures(note, self._cosigners, seconds))


def refusal(
    old: int, proof: Sequence[bytes], note: Note, checkpoint: Checkpoint, keys: Sequence[Verifier], seen: Seen
) -> Answer | None:
    """Return why a checkpoint is not cosigned; None if it may be. Remembers nothing.

    Args:
        old: size that the log believes was cosigned last.
        proof: that `checkpoint` continues it.
        note: as the log signed it.
        checkpoint: what it says.
        keys: of the log; one of them must have signed.
        seen: what was cosigned last.
    """
    try:
        trusted = verified(note, keys)
    except ValueError as error:
        return Answer(403, f"{error}\n")
    if not trusted:
        return Answer(403, "not signed by a key of this log\n")
    if old > checkpoint.size:
        return Answer(400, "the old size is beyond the checkpoint\n")
    if old != seen.size or (old == checkpoint.size and checkpoint.root != seen.root):
        return Answer(409, f"{seen.size}\n", "text/x.tlog.size")
    if not consistency_holds(seen.size, checkpoint.size, seen.root, checkpoint.root, proof):
        return Answer(422, "the checkpoint does not continue what was cosigned before\n")
    return None


def contradicts(answer: Answer, checkpoint: Checkpoint, old: int, seen: Seen) -> bool:
    """Tell whether a refused checkpoint, which its log signed, may be proof of two histories: worth keeping."""
    return answer.status == 422 or (answer.status == 409 and old == seen.size == checkpoint.size)


def cosignatures(note: Note, cosigners: Sequence[Cosigner], seconds: int) -> str:
    """Return the signature lines of a witness under a checkpoint. It must be remembered, durably, before."""
    return "".join(one.cosign(note.text, seconds).line for one in cosigners)


def write_request(old: int, proof: Sequence[bytes], note: Note) -> bytes:
    """Return the request that a log sends."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), "", ""]
    return "\n".join(lines).encode() + bytes(note)


def read_request(request: bytes) -> tuple[int, tuple[bytes, ...], Note, Checkpoint]:
    """Return old size, proof, note and checkpoint of a request.

    Raises:
        ValueError: it is malformed; with a reason that continues "the request".
    """
    if len(request) > LARGEST_REQUEST:
        raise ValueError("is too large")
    head, gap, rest = request.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise ValueError("is malformed") from None
    if not gap or not first.startswith("old ") or len(lines) > MOST_PROOF_LINES:
        raise ValueError("is malformed")
    note = parse(rest)
    old = decimal(first.removeprefix("old "))
    return old, tuple(map(decoded_hash, lines)), note, checkpoint_of(note.text)
