"""A file that a person named on the command line or in settings: whoever names a link means what it leads to.

Files of the machine are read without following links; what a person points at is no such file. Settings and secrets
that an orchestrator mounts are links. Source: Kubernetes documentation, "Secrets" and "ConfigMaps".
"""

import errno
import os
import sys

import click


def content_of(path: str, most: int, *, or_input: bool = False) -> bytes:
    """Return the content of a file.

    Args:
        path: as the person wrote it.
        most: bytes that it may have.
        or_input: whether `-` is standard input.

    Raises:
        OSError: it cannot be read, or has more; `strerror` says why in a few words.
    """
    # Commands that read no such file do not load what reads files.
    from weighbridge.host.real import RealMachine
    from weighbridge.model.source import LimitReached

    try:
        if not or_input or path != "-":
            return RealMachine().read_file(os.fsencode(os.path.realpath(path)), most)
        content = sys.stdin.buffer.read(most + 1)
        if len(content) <= most:
            return content
    except LimitReached:
        pass
    raise OSError(errno.EFBIG, f"has more than {most:,} bytes")


def text_of(path: str, option: str, most: int) -> str:
    """Return the text of a file in ASCII, such as a token or certificates in PEM.

    Args:
        path: as the person wrote it.
        option: that names it, for the message.
        most: bytes that it may have.

    Raises:
        click.UsageError: it cannot be read, has more, or is no such text.
    """
    try:
        return content_of(path, most).decode("ascii")
    except OSError as error:
        reason = error.strerror
    except UnicodeDecodeError:
        reason = "is no text"
    raise click.UsageError(f"{option} {path}: {reason}")
