"""Word lists as data: many names in little space."""


def words(text: str) -> frozenset[str]:
    """Return the names in `text`, which are separated by white space."""
    return frozenset(text.split())
