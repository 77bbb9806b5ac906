"""One member of a ZIP archive and how to read it.

Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.4.5 (methods).
"""

import zlib

from weighbridge.formats.codec import (
    expand_bzip2,
    expand_deflate,
    expand_xz,
    expand_zip_lzma,
)
from weighbridge.formats.zstd_frames import expand_zstd
from weighbridge.model.budget import Budget
from weighbridge.model.record import record
from weighbridge.model.source import ByteSource, SliceSource, SourceError
from weighbridge.model.stream_marks import Codec
from weighbridge.model.stream_source import StreamSource

STORED = 0
DEFLATED = 8

CODECS: dict[int, tuple[str, Codec]] = {
    8: ("deflate", expand_deflate),
    12: ("bzip2", expand_bzip2),
    14: ("lzma", expand_zip_lzma),
    20: ("zstd", expand_zstd),
    93: ("zstd", expand_zstd),
    95: ("xz", expand_xz),
}

METHOD_NAMES = {
    0: "stored",
    1: "shrunk",
    6: "imploded",
    9: "deflate64",
    94: "mp3",
    96: "jpeg",
    97: "wavpack",
    98: "ppmd",
    99: "aes",
}

_LINK = 0o120000
_KIND = 0o170000


@record
class ZipEntry:
    """One member as the central directory states it, or, for a hidden one, as its local header does."""

    name: str
    """Decoded: UTF-8 if it is, else code page 437."""
    raw_name: bytes
    method: int
    flags: int
    crc: int
    compressed_size: int
    size: int
    """Expanded size, declared."""
    header_offset: int
    """Of the local header, from the start of the file, prefix included."""
    data_offset: int
    """Of the first compressed byte; 0 if there is no valid local header."""
    external_attributes: int = 0
    unix: bool = False
    """Whether `external_attributes` carry a Unix mode."""
    encrypted: bool = False
    """Bit 0 of the flags in the central directory or the local header."""
    hidden: bool = False
    """Has a local header but no entry in the directory."""

    @property
    def is_directory(self) -> bool:
        """Whether this is a folder."""
        return self.raw_name.endswith((b"/", b"\\")) and self.size == 0

    @property
    def is_link(self) -> bool:
        """Whether extraction on Unix makes a symbolic link of it."""
        return self.unix and (self.external_attributes >> 16) & _KIND == _LINK

    @property
    def readable(self) -> bool:
        """Whether `source` can give the content: known method, valid local header."""
        return self.data_offset > 0 and (self.method == STORED or self.method in CODECS)

    @property
    def method_name(self) -> str:
        """Compression method for a person."""
        if self.method in CODECS:
            return CODECS[self.method][0]
        return METHOD_NAMES.get(self.method, f"method {self.method}")

    def source(self, archive: ByteSource, budget: Budget) -> ByteSource:
        """Return the content, read lazily; the encrypted flag is ignored, as some loaders do.

        Raises:
            SourceError: the method is unknown or there is no valid local header.
        """
        base = self.raw_name.rstrip(b"/\\").replace(b"\\", b"/").rpartition(b"/")[2]
        if self.data_offset <= 0:
            raise SourceError("no valid local header")
        if self.method == STORED:
            return SliceSource(archive, self.data_offset, self.compressed_size, base)
        if self.method not in CODECS:
            raise SourceError(f"compression method {self.method_name} is not supported")
        return StreamSource(
            archive,
            CODECS[self.method][1],
            budget,
            offset=self.data_offset,
            length=self.compressed_size,
            # Written as a stream, a member states no size up front; a directory that says 0 is not believed either.
            size=self.size or None,
            name=base,
        )

    def crc_matches(self, archive: ByteSource, budget: Budget) -> bool:
        """Expand the member and compare its CRC-32. Costs its whole size. Raises `SourceError`, `LimitReached`."""
        content = self.source(archive, budget)
        crc = 0
        position = 0
        while position < content.size:
            block = content.read(position, min(1 << 18, content.size - position))
            if not block:
                return False
            crc = zlib.crc32(block, crc)
            position += len(block)
        return crc == self.crc
