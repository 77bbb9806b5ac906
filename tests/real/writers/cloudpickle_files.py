"""Plain data and framework objects as cloudpickle writes them."""

from pathlib import Path

import cloudpickle
import numpy as np
from sklearn.preprocessing import StandardScaler

FILES = {"settings.pkl": "data", "scaler.pkl": "framework"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    (folder / "settings.pkl").write_bytes(cloudpickle.dumps({"rate": 0.1, "weights": np.ones(3)}))
    scaler = StandardScaler().fit(np.arange(12.0).reshape(4, 3))
    (folder / "scaler.pkl").write_bytes(cloudpickle.dumps(scaler))
