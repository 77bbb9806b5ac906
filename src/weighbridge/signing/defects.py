"""What the certificate library raises on input that is broken or that it does not know."""


def defects() -> tuple[type[Exception], ...]:
    """Return those exceptions; the library parses names and extensions late, so nearly every call may raise them."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType

    return ValueError, TypeError, UnsupportedAlgorithm, DuplicateExtension, InvalidVersion, UnsupportedGeneralNameType
