"""Names and extra fields of ZIP headers.

Source: PKWARE APPNOTE 6.3.10, sections 4.4.4 (bit 11), 4.5.3 (64-bit sizes), 4.6.9 (Unicode path).
"""

import hashlib
from collections.abc import Iterator

_LONGEST_NAME = 4096
"""No file system takes a longer path; the format allows 65,535 bytes."""


def decode(raw: bytes) -> str:
    """Return a member name: UTF-8 if it is, else code page 437. Names too long for any system are shortened."""
    if len(raw) > _LONGEST_NAME:
        return f"{raw[:200].decode('utf-8', 'replace')}…{hashlib.sha256(raw).hexdigest()}"
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp437")


def extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of each extra field."""
    position = 0
    while position + 4 <= len(extra):
        length = int.from_bytes(extra[position + 2 : position + 4], "little")
        yield int.from_bytes(extra[position : position + 2], "little"), extra[position + 4 : position + 4 + length]
        position += 4 + length


def zip64_sizes(extra: bytes, size: int, packed: int, header: int) -> tuple[int, int, int]:
    """Replace the fields that are all ones by their 64-bit values (APPNOTE 4.5.3)."""
    if 0xFFFFFFFF not in (size, packed, header):
        return size, packed, header
    for kind, content in extra_fields(extra):
        if kind == 1:
            values = [int.from_bytes(content[at : at + 8], "little") for at in range(0, len(content) - 7, 8)]
            size = values.pop(0) if size == 0xFFFFFFFF and values else size
            packed = values.pop(0) if packed == 0xFFFFFFFF and values else packed
            header = values.pop(0) if header == 0xFFFFFFFF and values else header
            break
    return size, packed, header


def unicode_path(extra: bytes) -> bytes | None:
    """Return the other name that a member has for readers that know this field."""
    if b"\x75\x70" not in extra:
        return None
    for kind, content in extra_fields(extra):
        if kind == 0x7075 and len(content) > 5:
            return content[5:]
    return None
