"""Data files that are part of this program: signatures, packs, lists."""

import os

import weighbridge

_PACKAGE = os.path.dirname(os.path.abspath(weighbridge.__file__))


def package_text(*parts: str) -> str:
    """Return the text of a data file, named by its path inside the package. Raises OSError."""
    with open(os.path.join(_PACKAGE, *parts), encoding="utf-8") as opened:
        return opened.read()
