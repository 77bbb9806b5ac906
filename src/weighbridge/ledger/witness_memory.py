"""What a witness remembers, on the disk: the last checkpoint of each log, durable before it is cosigned.

Source: C2SP tlog-witness: "The witness MUST persist the new checkpoint before responding". The checkpoint is kept as a
whole, so that it can be served to whoever monitors the log.
"""

from hashlib import sha256

from weighbridge.host.durable import DurableFolder
from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.note import LARGEST_NOTE, Note, parse
from weighbridge.ledger.reader import LogError
from weighbridge.ledger.witness import Seen
from weighbridge.model.source import LimitReached


class WitnessFolder:
    """A memory of a witness in a folder; one process at a time holds its lock while it cosigns.

    Args:
        folder: where the checkpoints lie, each under the SHA-256 of its origin.
    """

    def __init__(self, folder: DurableFolder) -> None:
        self._folder = folder

    def get(self, origin: str) -> Seen | None:
        """Return what was cosigned last; None if nothing was. Raises `LogError` if that is damaged."""
        note = self.note(origin)
        if note is None:
            return None
        try:
            checkpoint = checkpoint_of(note.text)
        except ValueError as error:
            raise LogError(f"was witnessed, but its checkpoint is damaged: it {error}") from None
        return Seen(checkpoint.size, checkpoint.root)

    def put(self, origin: str, seen: Seen, note: bytes) -> None:
        """Remember a checkpoint that is about to be cosigned; durable on return. Raises OSError."""
        self._folder.replace({_name(origin): note})

    def note(self, origin: str) -> Note | None:
        """Return the last checkpoint of a log, as the log signed it; None if there is none. Raises `LogError`."""
        try:
            return parse(self._folder.read(_name(origin), LARGEST_NOTE))
        except FileNotFoundError:
            return None
        except (OSError, LimitReached, ValueError) as error:
            # To forget it would be to accept any history: nothing is cosigned until somebody has looked.
            raise LogError(f"was witnessed, but its checkpoint cannot be read: {error}") from None


def _name(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()
