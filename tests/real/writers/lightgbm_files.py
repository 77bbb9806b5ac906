"""Boosters as LightGBM writes them."""

import pickle
from pathlib import Path

import lightgbm
import numpy as np

FILES = {"booster.txt": "data", "booster.pkl": "framework", "regressor.pkl": "framework"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    generator = np.random.default_rng(7)
    samples = generator.random((80, 3))
    target = samples[:, 0] * 2
    settings = {"num_leaves": 4, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 5, "seed": 1}
    booster = lightgbm.train(settings, lightgbm.Dataset(samples, target), num_boost_round=3)
    booster.save_model(folder / "booster.txt")
    (folder / "booster.pkl").write_bytes(pickle.dumps(booster))
    regressor = lightgbm.LGBMRegressor(n_estimators=2, num_leaves=4, n_jobs=1, verbose=-1).fit(samples, target)
    (folder / "regressor.pkl").write_bytes(pickle.dumps(regressor))
