"""Measurements as h5py writes them: HDF5 that is no model."""

from pathlib import Path

import h5py
import numpy as np

FILES = {"measurements.h5": "other", "latest.hdf5": "other"}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    for name, libver in (("measurements.h5", "earliest"), ("latest.hdf5", "latest")):
        with h5py.File(folder / name, "w", libver=libver) as file:
            group = file.create_group("station/7")
            group.attrs["place"] = "Basel"
            group.create_dataset("temperature", data=np.linspace(0, 30, 100), compression="gzip")
            group.create_dataset("notes", data=np.array([b"calm", b"storm"]))
            file["alias"] = h5py.SoftLink("/station/7/temperature")
