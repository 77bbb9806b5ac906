"""Headers of compressed streams that have no fixed first bytes; these tests load without any decoder.

Sources: RFC 1950 section 2.2; lzma-file-format.txt of XZ Utils, whose decoder tests unknown files alike.
"""

ZLIB_BEGINNINGS = bytes(first for first in range(256) if first & 0x8F == 0x08)
"""First bytes of a header of zlib: method 8, window at most 32 KiB."""
USUAL_LZMA = 0x5D
_LARGEST = 1 << 38


def could_be_zlib(head: bytes) -> bool:
    """Tell whether `head` is a header of zlib without a dictionary, and more."""
    return len(head) > 8 and head[0] & 0x8F == 0x08 and (head[0] << 8 | head[1]) % 31 == 0 and not head[1] & 0x20


def could_be_lzma(head: bytes) -> bool:
    """Tell whether `head` is a plausible header of LZMA and its first byte of content."""
    if len(head) < 18 or head[0] >= 225 or head[13] != 0:
        return False
    dictionary = int.from_bytes(head[1:5], "little")
    # One or two neighboring bits set, as every encoder writes it; decoders take any size with the usual first byte.
    lowest = dictionary & -dictionary
    if head[0] != USUAL_LZMA and (dictionary < 4096 or dictionary // lowest not in (1, 3)):
        return False
    size = int.from_bytes(head[5:13], "little")
    return size == 0xFFFFFFFFFFFFFFFF or 0 < size < _LARGEST
