"""Packs one file as 7z: `python -m tests.real.packing FILE ARCHIVE`."""

import sys
from pathlib import Path

import py7zr

origin, archive = sys.argv[1:]
with py7zr.SevenZipFile(archive, "w") as packed:
    packed.write(origin, Path(origin).name)
