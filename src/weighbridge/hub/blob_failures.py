"""What is said when bytes cannot be stored or read."""

import errno

from obstore.exceptions import BaseError

from weighbridge.model.errors import WeighbridgeError

FAILURES = (OSError, BaseError)
"""What a place for bytes raises."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def wrong_size(count: int, size: int) -> WeighbridgeError:
    """Return the error for more or fewer bytes than were announced."""
    return WeighbridgeError(
        "E-blob-size", f"{count:,} bytes came, and {size:,} were announced", "send the file again, whole"
    )


def cannot_read(sha256: str) -> WeighbridgeError:
    """Return the error for bytes that are not where they should be."""
    return WeighbridgeError(
        "E-blob-read",
        f"the bytes of {sha256[:12]} are not where they should be",
        "`wb hub check` says what is missing; restore it from a backup or fetch it again",
        exit_code=1,
    )


def cannot_write(error: Exception) -> WeighbridgeError:
    """Return the error for bytes that could not be stored."""
    number = getattr(error, "errno", None)
    if number in _FULL:
        return WeighbridgeError(
            "E-blob-full",
            "there is no room left where the hub keeps its bytes",
            "tell who runs the hub; what was sent is thrown away, so send it again then",
            exit_code=1,
        )
    return WeighbridgeError(
        "E-blob-write",
        f"the bytes could not be stored: {getattr(error, 'strerror', None) or 'the store did not take them'}",
        "`wb hub check` says whether the store can be written to; then send them again",
        exit_code=1,
    )
