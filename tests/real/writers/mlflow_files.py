"""A model bundle as MLflow writes it."""

from pathlib import Path

import mlflow.sklearn
import numpy as np
from sklearn.linear_model import LinearRegression

FILES = {
    "bundle/MLmodel": "beside",
    "bundle/model.pkl": "framework",
    "bundle/conda.yaml": "beside",
    "bundle/python_env.yaml": "beside",
    "bundle/requirements.txt": "beside",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    samples = np.random.default_rng(12).random((10, 2))
    model = LinearRegression().fit(samples, samples[:, 0])
    mlflow.sklearn.save_model(
        model, str(folder / "bundle"), pip_requirements=["scikit-learn"], serialization_format="cloudpickle"
    )
