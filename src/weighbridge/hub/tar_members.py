"""Members of an archive whose heads are read within bounds.

The library reads a long name, and what stands beside a head, as a whole into memory: some megabytes, compressed, could
become all that there is. Sources: POSIX.1-2017, pax interchange format; GNU tar manual, "Basic Tar Format"; the
documentation of Python's tarfile on what a subclass may take over (`_proc_member`).
"""

import tarfile
from typing import Any

LARGEST_HEAD = 64 << 10
"""Bytes of what may stand beside the head of one member: sixty times the longest path."""
MOST_FIELDS = 100
"""Fields that stand for all members that follow."""
_BESIDE = frozenset(
    {tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE}
)


class BoundedMember(tarfile.TarInfo):
    """A member that is refused, by `tarfile.ReadError`, before more of it is read than a sensible one has."""

    def _proc_member(self, archive: Any) -> Any:  # noqa: ANN401  (the library calls it, and has no types for it)
        if self.type == tarfile.GNUTYPE_SPARSE:
            raise tarfile.ReadError("it holds a sparse file")
        if self.type in _BESIDE and not 0 <= self.size <= LARGEST_HEAD:
            raise tarfile.ReadError("the head of a file in it is too long")
        if len(archive.pax_headers) > MOST_FIELDS:
            raise tarfile.ReadError("it says too much of all of its files")
        return super()._proc_member(archive)  # type: ignore[misc]  # (the stubs leave it out)

    def _proc_gnusparse_00(self, *_: object) -> None:
        raise tarfile.ReadError("it holds a sparse file")

    _proc_gnusparse_01 = _proc_gnusparse_10 = _proc_gnusparse_00
