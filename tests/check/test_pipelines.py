"""The gate as builds start it: the pre-commit hook and the steps of the action, run as their runners run them."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from tests.report.shapes import check_sarif
from tests.samples.safetensors_file import small
from tests.samples.shipments import CARD, POINTER, write

ROOT = Path(__file__).resolve().parents[2]
FREE, UNFREE = CARD % b"apache-2.0", CARD % b"cc-by-nc-4.0"
HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())[0]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "wb").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m weighbridge "$@"\n')
    (bin_ / "wb").chmod(0o755)
    return {
        "PATH": f"{bin_}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "WEIGHBRIDGE_STATE": str(tmp_path / "state"),
        "PYTHONPATH": str(ROOT / "src"),
        "LC_ALL": "C.UTF-8",
    }


def run(command: list[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    return done


def hook(folder: Path, environment: Mapping[str, str], *changed: str, args: tuple[str, ...] = ()) -> tuple[int, str]:
    """Start the hook as pre-commit does: entry, arguments of the configuration, then the changed files or none."""
    names = list(changed) if HOOK.get("pass_filenames", True) else []
    done = run([*shlex.split(HOOK["entry"]), *args, *names], folder, environment)
    return done.returncode, done.stdout


def test_the_hook_looks_at_more_than_what_changed(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = write(tmp_path / "r", {"a/m.safetensors": small(), "a/README.md": FREE, "src/x.py": b"print(1)\n"})
    assert hook(folder, environment, "src/x.py") == (
        0,
        "✓ 1 model may ship\n\n1 model passes · policy balanced 1 (enforce)\n",
    )
    (folder / "a/README.md").write_bytes(UNFREE)
    code, out = hook(folder, environment, "a/README.md")
    assert code == 21
    assert "deny-noncommercial" in out
    assert hook(folder, environment, "a/README.md", args=("--policy", "observe"))[0] == 0
    (folder / "a/m.safetensors").unlink()
    assert hook(folder, environment)[0] == 0


def test_a_hook_that_is_told_to_pass_names(tmp_path: Path, environment: dict[str, str]) -> None:
    names = {f"lib/{number}.py": b"x = 1\n" for number in range(300)}
    folder = write(tmp_path / "r", {**names, "a/m.safetensors": small(), "a/README.md": UNFREE, "b c/é.bin": POINTER})
    command = shlex.split(HOOK["entry"])
    done = run([*command, *names], folder, environment)
    assert done.returncode == 0
    assert done.stdout.startswith("✓ no models in lib/0.py, lib/1.py, lib/2.py and 297 more\n")
    done = run([*command, "lib/0.py", "a/m.safetensors", "b c/é.bin"], folder, environment)
    assert done.returncode == 21
    assert "✗ a/m.safetensors" in done.stdout
    assert "✗ b c/é.bin" in done.stdout
    assert HOOK["require_serial"] is True


def step(number: int, folder: Path, environment: Mapping[str, str], **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step as the runner does, with inputs put into its environment."""
    chosen = {name: one.get("default", "") for name, one in ACTION["inputs"].items()} | inputs
    told = ACTION["runs"]["steps"][number]
    assert told["shell"] == "bash"
    added = {}
    for name, value in told.get("env", {}).items():
        key = value.removeprefix("${{ inputs.").removesuffix(" }}")
        added[name] = chosen[key]
    script = folder.parent / "step.sh"
    script.write_text(told["run"])
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    return run(shell, folder, {**environment, **added})


def test_the_action_annotates_reports_and_fails(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = write(tmp_path / "r", {"a/m.safetensors": small(), "a/README.md": UNFREE})
    done = step(1, folder, environment, sarif="out.sarif")
    assert done.returncode == 21
    assert done.stdout.startswith("::error file=a/m.safetensors,title=deny-noncommercial::")
    log = json.loads((folder / "out.sarif").read_text())
    check_sarif(log)
    assert "policy/deny-noncommercial" in {result["ruleId"] for result in log["runs"][0]["results"]}
    assert step(1, folder, environment, policy="observe").returncode == 0
    (folder / "a/README.md").write_bytes(FREE)
    done = step(1, folder, environment)
    assert (done.returncode, done.stdout) == (0, "")
    assert step(1, folder, environment, path="gone").returncode == 2


def test_what_could_not_be_examined_fails_the_action_after_its_report(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = write(tmp_path / "r", {"a/m.safetensors": small(), "a/README.md": FREE})
    os.symlink("loop", folder / "loop")
    done = step(1, folder, environment, sarif="out.sarif", path="loop")
    assert done.returncode == 4
    assert "title=not-examined" in done.stdout
    assert (folder / "out.sarif").exists()


def test_the_action_installs_into_an_environment_of_its_own(tmp_path: Path, environment: dict[str, str]) -> None:
    script = tmp_path / "step.sh"
    script.write_text(ACTION["runs"]["steps"][0]["run"])
    (tmp_path / "bin/python3").write_text(
        '#!/bin/sh\nmkdir -p "$3/bin"\nprintf "#!/bin/sh\\necho \\$@" > "$3/bin/python"\nchmod +x "$3/bin/python"\n'
    )
    (tmp_path / "bin/python3").chmod(0o755)
    told = {"RUNNER_TEMP": str(tmp_path / "t e"), "GITHUB_ACTION_PATH": "/a b", "GITHUB_PATH": str(tmp_path / "path")}
    done = run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], tmp_path, {**environment, **told})
    assert done.stdout == "-m pip install --quiet /a b\n"
    assert (tmp_path / "path").read_text() == f"{tmp_path}/t e/weighbridge/bin\n"
