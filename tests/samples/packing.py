"""Builds archives byte by byte, so that any field can lie."""

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

PAYLOAD = b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00true\x85R."
"""A pickle of protocol 2 that runs the command `true`."""
DATA = b"\x80\x02}q\x00X\x01\x00\x00\x00aK\x01s."
"""A pickle of protocol 2 that holds a dictionary."""
SAFETENSORS = b'\x38\0\0\0\0\0\0\0{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  \0\0\0\0'


@dataclass(kw_only=True)
class Member:
    """One ZIP member; `local` and `central` override header fields (`name flags method crc packed size`)."""

    name: bytes
    content: bytes = b""
    method: int = 0
    flags: int = 0
    local: dict[str, object] = field(default_factory=dict)
    central: dict[str, object] = field(default_factory=dict)
    attributes: int = 0
    listed: bool = True
    extra: bytes = b""
    descriptor: bool = False

    def packed(self) -> bytes:
        """Return the stored bytes."""
        if self.method == 8:
            deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
            return deflater.compress(self.content) + deflater.flush()
        return self.content


def zip_bytes(
    members: Iterable[Member],
    *,
    prefix: bytes = b"",
    shifted: bool = True,
    between: bytes = b"",
    comment: bytes = b"",
    after: bytes = b"",
    count: int | None = None,
) -> bytes:
    """Return a ZIP archive; `shifted`: its offsets know of `prefix`; `between` stands before the directory."""
    out = bytearray(prefix)
    base = 0 if shifted else len(prefix)
    directory = bytearray()
    listed = 0
    for member in members:
        packed = member.packed()
        fields = {
            "name": member.name,
            "flags": member.flags | (8 if member.descriptor else 0),
            "method": member.method,
            "crc": zlib.crc32(member.content),
            "packed": len(packed),
            "size": len(member.content),
        }
        local = fields | ({"crc": 0, "packed": 0, "size": 0} if member.descriptor else {}) | member.local
        central = fields | member.central
        offset = len(out) - base
        out += struct.pack(
            "<4s5H3I2H", b"PK\x03\x04", 20, local["flags"], local["method"], 0, 0x21, local["crc"], local["packed"],
            local["size"], len(local["name"]), len(member.extra),
        )  # fmt: skip
        out += local["name"] + member.extra + packed
        if member.descriptor:
            out += struct.pack("<4s3I", b"PK\x07\x08", fields["crc"], fields["packed"], fields["size"])
        if member.listed:
            listed += 1
            directory += struct.pack(
                "<4s6H3I5H2I", b"PK\x01\x02", 0x314, 20, central["flags"], central["method"], 0, 0x21, central["crc"],
                central["packed"], central["size"], len(central["name"]), len(member.extra), 0, 0, 0,
                member.attributes, central.get("offset", offset),
            )  # fmt: skip
            directory += central["name"] + member.extra
    out += between
    start = len(out) - base
    out += directory
    number = listed if count is None else count
    out += struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, number, number, len(directory), start, len(comment))
    return bytes(out + comment + after)


def stored(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a ZIP archive as `zipfile` writes it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, compress_type=method)
    return buffer.getvalue()


def torch_members(payload: bytes = PAYLOAD, top: str = "archive") -> list[Member]:
    """Return the members of a checkpoint in the ZIP format of torch."""
    return [
        Member(name=f"{top}/data.pkl".encode(), content=payload),
        Member(name=f"{top}/byteorder".encode(), content=b"little"),
        Member(name=f"{top}/version".encode(), content=b"3\n"),
    ]


def tar_bytes(files: dict[str, bytes], mode: str = "w", tar_format: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar archive as `tarfile` writes it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=tar_format) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def tar_block(
    name: bytes, *, size: int = 0, kind: bytes = b"0", link: bytes = b"", magic: bytes = b"ustar\x0000"
) -> bytes:
    """Return one tar header block."""
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108] = b"0000644\x00"
    block[108:116] = block[116:124] = b"0000000\x00"
    block[124:136] = b"%011o\x00" % size
    block[136:148] = b"00000000000\x00"
    block[148:156] = b"        "
    block[156:157] = kind
    block[157 : 157 + len(link)] = link
    block[257 : 257 + len(magic)] = magic
    block[148:156] = b"%06o\x00 " % sum(block)
    return bytes(block)


def tar_member(
    name: bytes, content: bytes = b"", kind: bytes = b"0", link: bytes = b"", size: int | None = None
) -> bytes:
    """Return header and padded content of one tar member."""
    header = tar_block(name, size=len(content) if size is None else size, kind=kind, link=link)
    return header + content + bytes(-len(content) % 512)


TAR_END = bytes(1024)


def xz_asking_for(dictionary: int, content: bytes) -> bytes:
    """Return a short xz file whose reader must have a dictionary of so many bytes (a power of two, or 1.5 times one).

    Writing it as others do would take as much memory. Source: The .xz File Format 1.1.0, sections 3.1 and 5.3.1.
    """
    code = next(code for code in range(40) if (2 | code & 1) << (code // 2 + 11) == dictionary)
    packed = bytearray(lzma.compress(content, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 4096}]))
    end = 12 + 4 * packed[12]
    packed[16] = code
    packed[end : end + 4] = struct.pack("<I", zlib.crc32(packed[12:end]))
    return bytes(packed)
