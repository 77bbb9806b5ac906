"""Runs the writers, one child process a library, and says which libraries are there."""

import ctypes
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STANDARD = {
    "catboost": "catboost",
    "cloudpickle": "cloudpickle",
    "dill": "dill",
    "gguf": "gguf",
    "h5py": "h5py",
    "joblib": "joblib",
    "keras": "keras",
    "lightgbm": "lightgbm",
    "numpy": "numpy",
    "onnx": "onnx",
    "pickle": "pickle",
    "safetensors": "safetensors",
    "sklearn": "sklearn",
    "skops": "skops",
    "torch": "torch",
    "xgboost": "xgboost",
}
"""Writer -> the module that must be importable for it."""
DEEP = {
    "coremltools": "coremltools",
    "executorch": "executorch",
    "flax": "flax",
    "mlflow": "mlflow",
    "openvino": "openvino",
    "peft": "peft",
    "pyreadr": "pyreadr",
    "skl2onnx": "skl2onnx",
    "tensorflow": "tensorflow",
}
"""Heavier libraries, written only under `--deep`."""
_TIME_LIMIT = 240


def missing(writers: dict[str, str]) -> list[str]:
    """Return the writers whose library is not installed."""
    return [name for name, module in writers.items() if importlib.util.find_spec(module) is None]


def run_child(arguments: list[str], **environment: str) -> None:
    """Run `python -m ...` from the root of the checkout; raise with its last words if it fails."""
    quiet = {"OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "*"}
    child = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, **quiet, **environment},
        capture_output=True,
        text=True,
        timeout=_TIME_LIMIT,
        check=False,
    )
    if child.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {child.returncode}:\n{child.stderr[-2000:]}")


def write_all(writers: dict[str, str], folder: Path, notes: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Let every installed library write into `folder/<writer>`.

    Returns:
        Relative path -> kind, from the writers; and writer -> reason for those that could not write. Kinds: `data`
        holds data only, `framework` holds objects of a framework, `beside` belongs to a model file, `other` is no
        model.
    """
    absent = missing(writers)
    present = [name for name in writers if name not in absent]
    libraries = _openmp(notes)

    def write(name: str) -> str:
        try:
            run_child(["tests.real.writers", name, str(folder / name), str(notes / f"{name}.json")], **libraries)
        except (RuntimeError, subprocess.TimeoutExpired) as error:
            shutil.rmtree(folder / name, ignore_errors=True)
            return str(error).strip().splitlines()[-1]
        return ""

    with ThreadPoolExecutor(max_workers=2) as pool:
        problems = {name: problem for name, problem in zip(present, pool.map(write, present), strict=True) if problem}
    kinds = {
        f"{name}/{path}": kind
        for name in present
        if name not in problems
        for path, kind in json.loads((notes / f"{name}.json").read_text()).items()
    }
    return kinds, problems | dict.fromkeys(absent, "not installed")


def _openmp(scratch: Path) -> dict[str, str]:
    """Lend LightGBM the OpenMP runtime that scikit-learn brings along, where the system has none (bare Debian)."""
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        for bundled in Path(sysconfig.get_path("platlib")).glob("*.libs/libgomp-*.so*"):
            lent = scratch / "lent"
            lent.mkdir(exist_ok=True)
            (lent / "libgomp.so.1").symlink_to(bundled)
            return {"LD_LIBRARY_PATH": os.pathsep.join([str(lent), os.environ.get("LD_LIBRARY_PATH", "")])}
    return {}
