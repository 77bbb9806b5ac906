"""Large files that a person names, read and written as streams.

One that is written gets its name when all of it is on the disk; what stood under that name stays until then.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from weighbridge.host.private_file import replace_durably


@contextmanager
def writing(path: bytes) -> Iterator[BinaryIO]:
    """Give a stream for the new content of a file; if anything fails, nothing of it is left. Raises OSError."""
    temporary = path + b"." + secrets.token_hex(4).encode() + b".part"
    try:
        with open(temporary, "xb") as file:
            yield file
        replace_durably(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def reading(path: bytes) -> BinaryIO:
    """Return a file as a stream; links are followed, as a person means what they lead to. Raises OSError."""
    return open(path, "rb")
