"""How names of Python 2 become names of Python 3 in streams of protocol 0 to 2 (`fix_imports`).

Source: CPython `Lib/_compat_pickle.py`, which the C unpickler consults; the table itself is taken from there at
run time, because it is frozen since Python 3.4 and part of every Python that runs Weighbridge.
"""

from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING


def python3_name(module: str, name: str) -> tuple[str, str]:
    """Return module and name as Python 3 resolves them in a stream of protocol 0, 1 or 2."""
    mapped = NAME_MAPPING.get((module, name))
    if mapped is not None:
        return mapped
    return IMPORT_MAPPING.get(module, module), name
