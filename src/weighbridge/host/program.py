"""Which program this is, so that a memory made by another version of it is not believed."""

import os
import sys
from hashlib import sha256

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
