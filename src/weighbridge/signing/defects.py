"""What the certificate library raises, and what it warns of, on input that is broken or that it does not know."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


def defects() -> tuple[type[Exception], ...]:
    """Return those exceptions; the library parses names and extensions late, so nearly every call may raise them."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType

    return ValueError, TypeError, UnsupportedAlgorithm, DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType


@contextmanager
def unspoken() -> Iterator[None]:
    """Keep the library's warnings about input (a serial number of zero) away from people, who cannot act on them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
