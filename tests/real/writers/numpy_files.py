"""Files as numpy writes them."""

from pathlib import Path

import numpy as np

FILES = {
    "array.npy": "data",
    "fortran.npy": "data",
    "structured.npy": "data",
    "object.npy": "data",
    "arrays.npz": "data",
    "arrays-compressed.npz": "data",
    "dump.pkl": "data",
    "table.csv": "other",
    "raw.bin": "other",
}


def write(folder: Path) -> None:
    """Write every file of FILES into `folder`."""
    generator = np.random.default_rng(1)
    array = generator.standard_normal((8, 5), dtype=np.float32)
    np.save(folder / "array.npy", array)
    np.save(folder / "fortran.npy", np.asfortranarray(array))
    np.save(folder / "structured.npy", np.zeros(3, dtype=[("name", "U8"), ("score", "<f8")]))
    words = np.array(["one", {"two": [1, 2]}, None, (3.0, "four")], dtype=object)
    np.save(folder / "object.npy", words, allow_pickle=True)
    np.savez(folder / "arrays.npz", weights=array, bias=array[0])
    np.savez_compressed(folder / "arrays-compressed.npz", weights=array, bias=array[0])
    array.dump(str(folder / "dump.pkl"))
    np.savetxt(folder / "table.csv", array, delimiter=",")
    array.tofile(folder / "raw.bin")
