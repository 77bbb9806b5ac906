"""A process that stays for weeks and is to be small: what it leaves out, and what it gives back.

Source: CPython Lib/hashlib.py (built-in hashes where `_hashlib` cannot be imported), malloc_trim(3).
"""

import sys
from importlib import import_module

_BUILT_IN = (("_sha2", "_sha256"), ("_sha2", "_sha512"), ("_sha1",), ("_md5",), ("_sha3",), ("_blake2",))
"""Modules with Python's own hashes, by their names since 3.12 and before."""


def leave_out_openssl() -> bool:
    """Let `hashlib` use Python's own hashes: OpenSSL's cost 3.6 MB. Tell whether it does; call it before any import.

    Slower by half, so this is for processes that hash little.
    """
    if "_hashlib" in sys.modules:
        return False
    if not all(any(_is_here(name) for name in names) for names in _BUILT_IN):
        return False  # some builds of Python have OpenSSL's alone
    sys.modules["_hashlib"] = None  # type: ignore[assignment]  # as an import that fails
    return True


def give_memory_back() -> None:
    """Return freed memory to the system, where the C library does so only when it is asked."""
    import ctypes  # most platforms have nothing to ask

    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        pass  # no glibc


def _is_here(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True
