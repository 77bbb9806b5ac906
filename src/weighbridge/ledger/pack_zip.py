"""Files as one ZIP of which every byte follows from their names and contents, and back. Values in, values out.

Nothing is compressed, there are no times, comments or extra fields, and nothing lies between or behind the parts. So
equal files give equal bytes, a ZIP cannot grow when it is read, and one that was changed anywhere is told from one that
was not by making it anew: members that were added, hidden, doubled or renamed have no place to be.

Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence

LARGEST = 256 << 20
"""Bytes of a ZIP."""
MOST_FILES = 2_000
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_VERSION, _MADE_BY, _DATE = 10, (3 << 8) | 20, (1 << 5) | 1
"""Needs version 1.0; made as Unix does, which tells how files may be read; 1 January 1980."""
_RIGHTS = 0o100644 << 16
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}(?:/[a-z0-9][a-z0-9._-]{0,80}){0,2}")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP, in the order in which they are given.

    Raises:
        ValueError: a name or the whole is none that `unzipped` reads.
    """
    for name in files:
        if not _NAME.fullmatch(name):
            raise ValueError(f"holds a file with a name that cannot be: {name!r}")
    if len(files) > MOST_FILES or sum(map(len, files.values())) > LARGEST:
        raise ValueError("is too large")
    return b"".join(_pieces([*files.items()]))


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the files of a ZIP that `zipped` made. Whether its other bytes are right, `is_whole` says.

    Raises:
        ValueError: it is none; with a reason for a person.
    """
    if len(content) > LARGEST:
        raise ValueError("is too large")
    files: dict[str, bytes] = {}
    at = 0
    while content[at : at + 4] == _LOCAL_MARK:
        if len(content) < at + _LOCAL.size:
            break
        _, _, flags, method, _, _, _, packed, size, name_length, extra = _LOCAL.unpack_from(content, at)
        begin = at + _LOCAL.size + name_length + extra
        name = content[at + _LOCAL.size : at + _LOCAL.size + name_length].decode("ascii", "replace")
        if flags or method or packed != size or extra:
            raise ValueError("is a ZIP of another kind: somebody packed it anew")
        if not _NAME.fullmatch(name):
            raise ValueError("holds a file with a name that cannot be")
        if name in files:
            raise ValueError(f"holds {name} twice")
        if len(files) == MOST_FILES:
            raise ValueError("holds too many files")
        if begin + size > len(content):
            raise ValueError(f"is cut off in {name}")
        files[name] = content[begin : begin + size]
        at = begin + size
    if not files:
        raise ValueError("is no ZIP, or its beginning was changed")
    return files


def is_whole(content: bytes, files: Mapping[str, bytes]) -> bool:
    """Tell whether a ZIP holds these files and nothing else, down to the last bit."""
    at = 0
    for piece in _pieces([*files.items()]):
        if content[at : at + len(piece)] != piece:
            return False
        at += len(piece)
    return at == len(content)


def _pieces(files: Sequence[tuple[str, bytes]]) -> Iterator[bytes]:
    directory, at = [], 0
    for name, content in files:
        encoded, check, size = name.encode("ascii"), zlib.crc32(content), len(content)
        sizes = (check, size, size, len(encoded), 0)
        yield _LOCAL.pack(_LOCAL_MARK, _VERSION, 0, 0, 0, _DATE, *sizes) + encoded
        yield content
        fields = (_MADE_BY, _VERSION, 0, 0, 0, _DATE, *sizes, 0, 0, 0, _RIGHTS, at)
        directory.append(_CENTRAL.pack(_CENTRAL_MARK, *fields) + encoded)
        at += _LOCAL.size + len(encoded) + size
    central = b"".join(directory)
    yield central
    yield _END.pack(_END_MARK, 0, 0, len(files), len(files), len(central), at, 0)
