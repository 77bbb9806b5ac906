"""One number over everything that there is, so that two sides can tell whether they agree. Values in, values out.

A sum of hashes modulo 2^256: it does not depend on the order, and one thing can be taken out or put in without looking
at the others. It finds mistakes, not attacks: what an endpoint says is proven by its ledger, not by this.
"""

from hashlib import sha256

_MODULUS = 1 << 256


def part(subject: str, leaf: bytes) -> int:
    """Return what one thing adds.

    Args:
        subject: what names it (`watch_decide.subject_of`).
        leaf: hash of the last entry about it.
    """
    return int.from_bytes(sha256(subject.encode("utf-8", "surrogatepass") + b"\0" + leaf).digest(), "big")


def added(total: int, one: int) -> int:
    """Return the sum with a part put in."""
    return (total + one) % _MODULUS


def removed(total: int, one: int) -> int:
    """Return the sum with a part taken out."""
    return (total - one) % _MODULUS


def digest(total: int) -> bytes:
    """Return the sum as 32 bytes."""
    return total.to_bytes(32, "big")


def total_of(content: bytes) -> int:
    """Return the sum in 32 bytes."""
    return int.from_bytes(content, "big")
