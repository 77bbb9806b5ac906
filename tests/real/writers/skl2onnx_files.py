"""Estimators of scikit-learn exported to ONNX; their operators are of the `ai.onnx.ml` domain."""

from pathlib import Path

import numpy as np
from skl2onnx import to_onnx
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FILES = {"pipeline.onnx": "data"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    samples = np.random.default_rng(10).random((30, 3)).astype(np.float32)
    labels = (samples[:, 0] > 0.5).astype(int)
    model = make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=2, max_depth=2, random_state=1))
    exported = to_onnx(model.fit(samples, labels), samples[:1])
    (folder / "pipeline.onnx").write_bytes(exported.SerializeToString())
