"""A folder as one ZIP file: written in one step, read with limits.

Source: PKWARE APPNOTE 6.3.10, through the standard library. Members are stored without their times, so that equal
content gives equal files.
"""

import os
import zipfile
import zlib
from collections.abc import Iterable

from weighbridge.model.source import LimitReached

_TIME = (1980, 1, 1, 0, 0, 0)
_MOST_MEMBERS = 2_000_000


def write_zip(path: bytes, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files into a new ZIP at `path`; return how many. Raises OSError; then nothing is there."""
    temporary = path + b".%d.part" % os.getpid()
    count = 0
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with open(descriptor, "w+b") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
                for name, content in files:
                    pack.writestr(zipfile.ZipInfo(name, _TIME), content, zipfile.ZIP_DEFLATED)
                    count += 1
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return count


class ZipFolder:
    """The files of a ZIP, read one by one.

    Args:
        path: of the ZIP.

    Raises OSError: it cannot be read or is no ZIP.
    """

    def __init__(self, path: bytes) -> None:
        try:
            self._pack = zipfile.ZipFile(os.fsdecode(path))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise OSError(f"is no ZIP: {error}") from None
        names = self._pack.namelist()
        if len(names) > _MOST_MEMBERS:
            raise OSError("holds too many files")
        self._folders: dict[str, set[str]] = {}
        for name in names:
            folder, _, last = name.rpartition("/")
            self._folders.setdefault(folder, set()).add(last)

    def read(self, name: str, limit: int) -> bytes:
        """Return a file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        try:
            with self._pack.open(name) as file:
                content = file.read(limit + 1)
        except KeyError:
            raise FileNotFoundError(name) from None
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
            raise OSError(f"{name} is damaged: {error}") from None
        if len(content) > limit:
            raise LimitReached("file bytes", limit)
        return content

    def names(self, folder: str) -> list[str]:
        """Return the sorted names in a folder; none if there is no such folder."""
        return sorted(self._folders.get(folder, ()))
