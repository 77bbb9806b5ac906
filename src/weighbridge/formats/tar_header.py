"""One header block of a tar archive.

Sources: POSIX.1-2017 `pax`, section "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
"""

from collections.abc import Sequence

from weighbridge.model.record import record

BLOCK = 512
_LOW = bytes(range(128))

REGULAR = b"0\x007"
HARD_LINK = b"1"
SYMBOLIC_LINK = b"2"
DEVICES = b"34"
PIPE = b"6"
PAX_LOCAL = b"x"
PAX_GLOBAL = b"g"
LONG_NAME = b"L"
LONG_LINK = b"K"
SPARSE = b"S"
SOLARIS_PAX = b"X"


@record
class TarHeader:
    """The fields that matter of one header block."""

    name: bytes
    link: bytes
    size: int
    kind: bytes
    """One byte."""
    gnu: bool
    block: bytes
    """The whole block, for the sparse map."""

    @property
    def is_regular(self) -> bool:
        """Whether content follows that extraction writes to a file; unknown kinds count, as in `tarfile`."""
        return self.kind in b"0\x007S" or self.kind not in b"123456xgLKXVMDN"


def could_be_header(block: bytes) -> bool:
    """Tell in a few comparisons whether `block` may be a header: the number fields are numbers."""
    if len(block) < BLOCK:
        return False
    checksum = block[148:156]
    if checksum[0] not in b" 01234567" or checksum.strip(b" 01234567\x00"):
        return False
    size = block[124:136]
    return (size[0] in b"\x80\xff" or not size.strip(b" 01234567\x00")) and _checksum_fits(block)


def parse_header(block: bytes) -> TarHeader | None:
    """Return the fields of a header block, None if it is not one (wrong checksum or numbers)."""
    if len(block) < BLOCK or not _checksum_fits(block):
        return None
    size = _number(block[124:136])
    if size is None:
        return None
    magic = block[257:265]
    name = block[:100].partition(b"\x00")[0]
    if magic.startswith(b"ustar\x00") and block[345]:
        name = block[345:500].partition(b"\x00")[0] + b"/" + name
    return TarHeader(
        name=name,
        link=block[157:257].partition(b"\x00")[0],
        size=size,
        kind=block[156:157],
        gnu=magic == b"ustar  \x00",
        block=block,
    )


def old_sparse_map(block: bytes, start: int, count: int) -> list[tuple[int, int]]:
    """Return (offset, length) pairs of an old GNU sparse map that begins at `start` of `block`."""
    pairs = []
    for at in range(start, start + 24 * count, 24):
        offset, length = _number(block[at : at + 12]), _number(block[at + 12 : at + 24])
        if not length or offset is None:
            break
        pairs.append((offset, length))
    return pairs


def real_size(block: bytes) -> int:
    """Return the expanded size in an old GNU sparse header."""
    return _number(block[483:495]) or 0


def _number(field: Sequence[int]) -> int | None:
    raw = bytes(field)
    if raw[0] & 0x80:
        if raw[0] == 0xFF:
            return None
        return int.from_bytes(bytes((raw[0] & 0x7F,)) + raw[1:], "big")
    digits = raw.partition(b"\x00")[0].strip(b" ")
    if not digits:
        return 0
    if digits.strip(b"01234567"):
        return None
    return int(digits, 8)


def _checksum_fits(block: bytes) -> bool:
    stated = _number(block[148:156])
    if not stated:
        return False
    rest = block[:148] + b"        " + block[156:BLOCK]
    total = sum(rest)
    if stated == total:
        return True
    # Old tar programs added signed bytes.
    return stated == total - 256 * len(rest.translate(None, _LOW))
