"""Plain arrays as joblib writes them."""

from pathlib import Path

import joblib
import numpy as np

FILES = {
    "arrays.joblib": "data",
    "arrays-zlib.joblib": "data",
    "arrays-xz.joblib": "data",
    "arrays.pkl.gz": "data",
    "arrays.pkl.z": "data",
    "settings.joblib": "data",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    arrays = {"weights": np.arange(600, dtype=np.float64).reshape(20, 30), "labels": np.arange(20), "name": "plain"}
    joblib.dump(arrays, folder / "arrays.joblib")
    joblib.dump(arrays, folder / "arrays-zlib.joblib", compress=("zlib", 6))
    joblib.dump(arrays, folder / "arrays-xz.joblib", compress=("xz", 3))
    joblib.dump(arrays, folder / "arrays.pkl.gz")
    joblib.dump(arrays, folder / "arrays.pkl.z")
    joblib.dump({"rate": 0.1, "layers": [1, 2, 3]}, folder / "settings.joblib")
