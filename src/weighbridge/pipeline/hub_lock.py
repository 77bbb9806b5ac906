"""Lock files: which commit and which bytes of each model a project was tried with, so that all its people get the same.

JSON, so that every tool reads it; one file a line, so that a difference can be read.
"""

import json
import re
from collections.abc import Sequence

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

LARGEST = 16 << 20
_SCHEMA = "weighbridge.lock/1"
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_MOST = 1_000


@record
class Locked:
    """One model as it was locked."""

    name: str
    commit: str
    files: tuple[tuple[str, str], ...]
    """Paths and their SHA-256."""


def lock_text(models: Sequence[Locked]) -> str:
    """Return the text of a lock file."""
    said = [
        {
            "name": one.name,
            "commit": one.commit,
            "files": {path: f"sha256:{digest}" for path, digest in sorted(one.files)},
        }
        for one in sorted(models, key=lambda one: one.name)
    ]
    return json.dumps({"schema": _SCHEMA, "models": said}, indent=2, ensure_ascii=False) + "\n"


def with_model(models: Sequence[Locked], new: Locked) -> list[Locked]:
    """Return the models of a lock file with one more, or another release of one that it has."""
    return [*(one for one in models if one.name.lower() != new.name.lower()), new]


def read_lock(content: bytes) -> list[Locked]:
    """Return the models of a lock file. Raises WeighbridgeError `E-pull-lock`."""
    try:
        said = json.loads(content.decode())
        if said["schema"] != _SCHEMA or not 0 < len(said["models"]) <= _MOST:
            raise _wrong()
        return [_locked(one) for one in said["models"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _wrong() from None


def _locked(said: dict[str, object]) -> Locked:
    name, commit, files = said["name"], said["commit"], said["files"]
    if not isinstance(name, str) or not isinstance(commit, str) or not _COMMIT.fullmatch(commit):
        raise _wrong()
    if not isinstance(files, dict) or not files:
        raise _wrong()
    found = [(path, _DIGEST.fullmatch(digest)) for path, digest in files.items()]
    if not all(match for _, match in found):
        raise _wrong()
    return Locked(name=name, commit=commit, files=tuple((path, match[1]) for path, match in found if match))


def _wrong() -> WeighbridgeError:
    return WeighbridgeError(
        "E-pull-lock", "this is no lock file of `wb pull`", "make one: wb pull NAME --lock models.lock"
    )
