"""Each attack is examined in a child process of its own: little memory, an end, and never the word clean."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fuzz.attacks import ATTACKS
from tests.fuzz.attacks_sharing import SHARING

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 150 << 20
ALL = ATTACKS | SHARING
HONEST = {
    "append-lists.pkl",
    "append-self.pkl",
    "marks-and-drops.pkl",
    "set-of-numbers.pkl",
    "calls.pkl",
    "doubling.pkl",
    "empty-strings.gguf",
    "laughs.pkl",
    "nested-tuples.pkl",
    "none-opcodes.pkl",
    "many-members.zip",
    "duplicates.pkl",
    "zeros.bin",
}
"""Large or odd, but nothing in them is false; any assessment but an accusation of code is fair."""


@pytest.mark.skipif(sys.platform == "win32", reason="the resource module is missing there")
@pytest.mark.parametrize("name", ALL)
def test_attack_costs_little_and_is_not_clean(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(ALL[name]())
    child = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.resource_child", str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    path.unlink()
    assert child.returncode == 0, child.stderr[-2000:]
    answer = json.loads(child.stdout)
    assert answer["peak"] <= MOST_MEMORY, answer
    if name not in HONEST:
        assert "clean" not in answer["assessments"][:1], answer
