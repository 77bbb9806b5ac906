"""Passwords of accounts, hashed with Argon2id. Hashing is slow on purpose: do it in a thread, not in the event loop.

Source: RFC 9106; OWASP "Password Storage Cheat Sheet" (19 MiB, two passes, one lane); NIST SP 800-63B-4, section 3.1.1
(length counts, rules of composition do not).
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from weighbridge.model.errors import WeighbridgeError

SHORTEST, LONGEST = 12, 1024
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def check_password(password: str, name: str) -> None:
    """Refuse a password that could be guessed. Raises WeighbridgeError `E-password`."""
    if len(password) < SHORTEST:
        raise _refused(f"a password has at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise _refused(f"a password has at most {LONGEST} characters")
    if len(set(password)) < 5:
        raise _refused("the password repeats a few characters")
    if name.casefold() in password.casefold() and len(password) < len(name) + 8:
        raise _refused("the password is little more than the name of the account")


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is that of which `stored` was kept; without one the same time passes, and it is not."""
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(stored or _nobodys(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_weak(stored: str) -> bool:
    """Tell whether `stored` was made with less effort than is made now."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's, so that asking for an unknown account takes as long as for a known one")


def _refused(message: str) -> WeighbridgeError:
    return WeighbridgeError("E-password", message, "take four or five random words")
