"""Models as CatBoost writes them."""

import pickle
from pathlib import Path

import catboost
import numpy as np

FILES = {"model.cbm": "data", "model.json": "data", "model.pkl": "framework"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    generator = np.random.default_rng(8)
    samples = generator.random((50, 3))
    model = catboost.CatBoostRegressor(
        iterations=3, depth=2, thread_count=1, random_seed=1, verbose=False, allow_writing_files=False
    )
    model.fit(samples, samples[:, 0])
    model.save_model(str(folder / "model.cbm"))
    model.save_model(str(folder / "model.json"), format="json")
    (folder / "model.pkl").write_bytes(pickle.dumps(model))
