"""Estimators as skops writes them."""

from pathlib import Path

import numpy as np
import skops.io
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

FILES = {"logistic.skops": "framework", "tree.skops": "framework"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    samples = np.random.default_rng(9).random((30, 2))
    labels = (samples[:, 0] > 0.5).astype(int)
    skops.io.dump(LogisticRegression().fit(samples, labels), folder / "logistic.skops")
    skops.io.dump(DecisionTreeClassifier(max_depth=2).fit(samples, labels), folder / "tree.skops")
