"""Payloads that were cut short or lost a bit: none is called clean unless nothing happens when it is loaded."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.samples.registry import EVASIONS
from tests.scanning import ROOT, scan

_LONGEST = 400
"""A flip in a longer file mostly hits what does not matter."""


def _damaged(content: bytes, chance: random.Random) -> list[bytes]:
    versions = [content[: chance.randrange(1, len(content))]]
    for _ in range(3):
        place = chance.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        versions.append(bytes(flipped))
    return versions


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the proof needs fork")
def test_damage_never_makes_a_live_payload_clean(tmp_path: Path) -> None:
    chance = random.Random(7)
    folder = tmp_path / "damaged"
    folder.mkdir()
    count = 0
    for case in EVASIONS:
        content = case.build().get(case.subject, b"") if (case.fires or "").startswith("pickle") else b""
        for version in _damaged(content, chance) if 0 < len(content) <= _LONGEST else ():
            (folder / f"{count}.pkl").write_bytes(version)
            count += 1
    scanned = scan(folder, tmp_path / "state", "--no-cache")
    quiet = [path for path in folder.iterdir() if scanned.assessment(path) in ("clean", "not-a-model")]
    child = subprocess.run(
        [sys.executable, "-m", "tests.samples.firing"],
        cwd=ROOT,
        input=json.dumps([["pickle", str(path)] for path in quiet]),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert count >= 400
    assert [path.read_bytes() for path, event in zip(quiet, json.loads(child.stdout), strict=True) if event] == []
