"""The names of the files of an archive, kept small: an image has hundreds of thousands."""

import zlib
from collections.abc import Iterable, Iterator


class Listing:
    """Names that can be gone through again.

    Args:
        names: of files, as the archive has them; not empty.
    """

    __slots__ = ("_packed",)

    def __init__(self, names: Iterable[str]) -> None:
        self._packed = zlib.compress("\0".join(names).encode("utf-8", "surrogatepass"), 1)

    def __iter__(self) -> Iterator[str]:
        text = zlib.decompress(self._packed).decode("utf-8", "surrogatepass")
        return iter(text.split("\0") if text else ())
