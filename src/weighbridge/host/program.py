"""Which program this is, so that a memory made by another version of it is not believed, and how it begins anew."""

import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from typing import NoReturn

import weighbridge
from weighbridge.host.survey import survey_folder


def program_fingerprint(*rooms: str) -> bytes:
    """Return 32 bytes that change with every change to the files of these rooms, and with the interpreter."""
    digest = sha256(f"{weighbridge.__version__} {sys.version}".encode())
    package = os.path.dirname(os.path.abspath(weighbridge.__file__))
    waiting = [os.fsencode(os.path.join(package, room)) for room in rooms]
    while waiting:
        folder = waiting.pop()
        try:
            survey = survey_folder(folder)
        except OSError:
            digest.update(b"?" + folder)
            continue
        digest.update(folder + survey.fingerprint())
        waiting += [os.path.join(folder, name) for name, _status in survey.folders if name != b"__pycache__"]
    return digest.digest()


def program_stamp() -> tuple[int, ...]:
    """Return what changes when another version is installed in this one's place; empty while there is none."""
    try:
        stat = os.stat(os.path.abspath(weighbridge.__file__))
    except OSError:
        return ()
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def start_anew(arguments: Sequence[str]) -> NoReturn:
    """Let this process run the program that is installed now. Raises OSError.

    Args:
        arguments: of the command line, after the program's name.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-P", "-m", "weighbridge", *arguments])  # noqa: S606  (our own program)
