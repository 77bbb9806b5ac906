"""Runs `weighbridge scan --format json` as a person does, and answers questions about the result."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_SCANNED = {0, 3, 4, 20, 21}
"""Exit codes of a scan that ran to its end."""


@dataclass(frozen=True, kw_only=True)
class Scanned:
    """A json-v1 document, by place."""

    document: dict[str, Any]
    exit_code: int

    def places(self) -> list[tuple[bytes, str | None, dict[str, Any]]]:
        """Return (path, member, artifact) for every place of every artifact, links included."""
        return [
            (_path(place), place.get("member"), artifact)
            for artifact in self.document["artifacts"]
            for place in artifact["places"]
        ]

    def assessment(self, path: Path, member: str | None = None) -> str:
        """Return the assessment of what lies at `path`, `not-a-model` if nothing is said of it.

        The repository counts too when `path` is a folder.
        """
        wanted = os.fsencode(path)
        for place, inside, artifact in self.places():
            if place == wanted and inside == member:
                return str(artifact["assessment"])
        for repository in self.document["repositories"]:
            if _path(repository) == wanted and member is None:
                return str(repository["assessment"])
        for entry in self.document["unexamined"]:
            if _path(entry) == wanted and member is None:
                return "incomplete"
        return "not-a-model"


def scan(folder: Path, state: Path, *options: str, home: Path | None = None) -> Scanned:
    """Scan `folder` in a child process that keeps its state in `state` and takes `home` for the home folder."""
    state.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    search = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    child = subprocess.run(
        [sys.executable, "-m", "weighbridge", "scan", str(folder), "--format", "json", *options],
        env=environment | {"HOME": str(home or state), "WEIGHBRIDGE_STATE": str(state), "PYTHONPATH": search},
        capture_output=True,
        timeout=600,
        check=False,
    )
    if child.returncode not in _SCANNED:
        raise RuntimeError(f"scan ended with {child.returncode}: {child.stderr.decode(errors='replace')[-3000:]}")
    return Scanned(document=json.loads(child.stdout), exit_code=child.returncode)


def _path(place: dict[str, Any]) -> bytes:
    if place.get("path_bytes"):
        return base64.b64decode(place["path_bytes"])
    return os.fsencode(place["path"])
