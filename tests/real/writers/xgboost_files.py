"""Boosters as XGBoost writes them."""

import pickle
from pathlib import Path

import numpy as np
import xgboost

FILES = {
    "booster.json": "data",
    "booster.ubj": "data",
    "booster.pkl": "framework",
    "classifier.pkl": "framework",
    "dump.txt": "other",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    generator = np.random.default_rng(6)
    samples = generator.random((60, 3))
    labels = (samples[:, 0] > 0.5).astype(int)
    settings = {"objective": "binary:logistic", "max_depth": 2, "nthread": 1, "seed": 1}
    booster = xgboost.train(settings, xgboost.DMatrix(samples, labels), num_boost_round=3)
    booster.save_model(folder / "booster.json")
    booster.save_model(folder / "booster.ubj")
    (folder / "booster.pkl").write_bytes(pickle.dumps(booster))
    classifier = xgboost.XGBClassifier(n_estimators=2, max_depth=2, n_jobs=1).fit(samples, labels)
    (folder / "classifier.pkl").write_bytes(pickle.dumps(classifier))
    booster.dump_model(folder / "dump.txt")
