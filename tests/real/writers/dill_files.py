"""Plain data as dill writes it."""

from pathlib import Path

import dill

FILES = {"settings.dill": "data", "settings.pkl": "data"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    settings = {"rate": 0.1, "layers": [64, 32], "tags": {"a", "b"}}
    (folder / "settings.dill").write_bytes(dill.dumps(settings))
    (folder / "settings.pkl").write_bytes(dill.dumps(settings, recurse=True))
