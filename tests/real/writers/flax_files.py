"""Parameters as Flax writes them."""

from pathlib import Path

import numpy as np
from flax import serialization

FILES = {"flax_model.msgpack": "data"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    parameters = {"params": {"dense": {"kernel": np.ones((4, 2), np.float32), "bias": np.zeros(2, np.float32)}}}
    (folder / "flax_model.msgpack").write_bytes(serialization.msgpack_serialize(parameters))
