"""Judging what a server sends before it is believed: what refresh of policies and of rulings share. Pure.

Source: TUF specification 1.0.34, section 5 "Detailed client workflow".
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from weighbridge.model.record import record

if TYPE_CHECKING:
    from tuf.api.metadata import Key  # type: ignore[attr-defined]  # its documented home

LARGEST_METADATA = 1 << 18
_SCHEMES = frozenset({"ed25519", "ecdsa-sha2-nistp256"})
"""Signatures that are checked by arithmetic alone, with keys that every library and every hardware token has."""


@record
class Wanted:
    """A file that is wanted next."""

    name: str
    limit: int
    """Bytes; a longer one is given as `OVERSIZED`."""


OVERSIZED = b"\xff"
"""Stands for a file that is too long; no metadata begins like this."""


class RefusalError(Exception):
    """Something is not to be believed.

    Args:
        code: one of `policy_updates.REFUSALS`.
        reason: in a few words.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def take_held(update: Any, content: bytes | None) -> bool:  # noqa: ANN401  (a method of the library)
    """Let what is held count, as a bound on what may come; tell whether it is still the newest."""
    if content is None:
        return False
    try:
        with judged():
            update(content)
    except RefusalError:
        return False  # run out, of another version, or of keys that count no more: the new one must be better
    return True


def limit_of(length: int | None) -> int:
    """Return how long a file may be whose length is stated, or is not."""
    return LARGEST_METADATA if length is None else min(length, LARGEST_METADATA)


def there(content: bytes | None, name: str) -> bytes:
    """Return a file that must be there. Raises RefusalError."""
    if content is None:
        raise RefusalError("mixed", f"the server has no {name}")
    return whole(content)


def whole(content: bytes) -> bytes:
    """Return a file that was not too long. Raises RefusalError."""
    if content == OVERSIZED:
        raise RefusalError("oversized", "a file is larger than it may be")
    return content


def plain_keys(keys: "Iterable[Key]") -> None:
    """Refuse keys that could only be checked by other means than arithmetic. Raises RefusalError."""
    for key in keys:
        if key.scheme not in _SCHEMES:
            kind = str(key.scheme)[:40]
            raise RefusalError(
                "unsigned", f"it names a key of the kind {kind}; policies are signed by Ed25519 or P-256"
            )


def unreadable() -> tuple[type[Exception], ...]:
    """What reading hostile metadata can raise: of the library, and of what it does with values of any type."""
    from tuf.api.exceptions import RepositoryError
    from tuf.api.serialization import DeserializationError, SerializationError

    values = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
    return RepositoryError, DeserializationError, SerializationError, *values


class judged:  # noqa: N801  (reads as a word at its uses)
    """Turns what the library raises into a `RefusalError`."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        """Judge. Raises RefusalError."""
        if error is None or isinstance(error, RefusalError) or not isinstance(error, unreadable()):
            return
        from tuf.api import exceptions

        by_kind: tuple[tuple[type[Exception], str], ...] = (
            (exceptions.UnsignedMetadataError, "unsigned"),
            (exceptions.EqualVersionNumberError, ""),
            (exceptions.BadVersionNumberError, "old"),
            (exceptions.ExpiredMetadataError, "expired"),
            (exceptions.LengthOrHashMismatchError, "mixed"),
        )
        code = next((code for one, code in by_kind if isinstance(error, one)), "damaged")
        if code:
            raise RefusalError(code, str(error)[:150]) from None
