"""Errors of the ledger that stop a command: code, sentence, hint."""

import errno

from weighbridge.model.errors import WeighbridgeError

_ROOM = "free some space on the disk of the state folder"
_RIGHTS = "make the state folder writable for yourself, or name another one in WEIGHBRIDGE_STATE"
_ELSE = "look after the disk of the state folder"
_REMEDIES = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EROFS: _RIGHTS,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
}


def busy() -> WeighbridgeError:
    """Another process writes to the ledger."""
    return WeighbridgeError(
        "E-ledger-busy",
        "another process of Weighbridge writes to the ledger",
        "wait for it to end; `wb watch` writes as long as it runs",
        exit_code=1,
    )


_LOOK = "`wb ledger verify` says what still holds; to begin a new ledger, move this one to another place"


def damaged(reason: str, hint: str = _LOOK) -> WeighbridgeError:
    """The ledger cannot be continued. `reason` ends a sentence about it; `hint` says what to do."""
    return WeighbridgeError(
        "E-ledger-damaged",
        f"the ledger {reason}",
        hint,
        exit_code=30,
    )


def unwritable(error: BaseException) -> WeighbridgeError:
    """Something could not be made durable; what was to be recorded is not in the ledger."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    number = error.errno if isinstance(error, OSError) else None
    return WeighbridgeError(
        "E-ledger-write",
        f"the ledger could not be written: {reason}",
        f"{_REMEDIES.get(number or 0, _ELSE)}; nothing that was recorded before is lost",
        exit_code=1,
    )
