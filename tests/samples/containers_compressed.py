"""Evasions that pack a payload in compressed files and 7z."""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable

import lz4.frame
import zstandard

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.packing import PAYLOAD, SAFETENSORS, stored, tar_bytes


def seven_zip(files: dict[str, bytes], **options: object) -> bytes:
    """Return a 7z archive as py7zr writes it."""
    import py7zr

    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", **options) as archive:  # type: ignore[arg-type]
        for name, content in files.items():
            archive.writef(io.BytesIO(content), name)
    return buffer.getvalue()


def _filters(*names: str) -> list[dict[str, int]]:
    import py7zr

    return [{"id": getattr(py7zr, f"FILTER_{name}")} for name in names]


def _skippable(content: bytes) -> bytes:
    return b"\x50\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content


def _bzip2_bomb() -> bytes:
    return bz2.compress(bytes(20 << 20)) * 60


def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(700)]
    return b"".join([*parts, packer.flush()])


def _xz_bomb() -> bytes:
    return lzma.compress(bytes(64 << 20)) * 12


def _zstd_bomb() -> bytes:
    return zstandard.compress(bytes(64 << 20)) * 12


def _lzma_with_dictionary(size: int) -> bytes:
    packed = lzma.compress(stored({"m.pkl": PAYLOAD}), lzma.FORMAT_ALONE)
    return packed[:1] + size.to_bytes(4, "little") + packed[5:]


def _onion() -> bytes:
    content = PAYLOAD
    for layer in (
        gzip.compress,
        bz2.compress,
        lzma.compress,
        lz4.frame.compress,
        zstandard.compress,
        zlib.compress,
        gzip.compress,
    ):
        content = layer(content)
    return content


def _case(
    name: str, file: str, build: Callable[[], bytes], expect: frozenset[str], inside: str = "", lesson: str = ""
) -> Case:
    return Case(
        id=f"containers/{name}",
        build=lambda: {file: build()},
        subject=f"{file}!/{inside}" if inside else file,
        expect=expect,
        lesson=lesson or "payload in a compressed file",
    )


EVASIONS: tuple[Case, ...] = (
    _case("lzma-odd-dictionary", "a.bin", lambda: _lzma_with_dictionary(5_000_001), HARD, "a.bin!/m.pkl"),
    _case("lzma-huge-dictionary", "a.bin", lambda: _lzma_with_dictionary(4_000_000_001), NOT_CLEAN, "a.bin"),
    _case("gzip", "a.csv.gz", lambda: gzip.compress(stored({"m.pkl": PAYLOAD})), HARD, "a.csv!/m.pkl"),
    _case("bzip2", "a.bz2", lambda: bz2.compress(stored({"m.pkl": PAYLOAD})), HARD, "a!/m.pkl"),
    _case("xz", "a.xz", lambda: lzma.compress(stored({"m.pkl": PAYLOAD})), HARD, "a!/m.pkl"),
    _case(
        "lzma-alone", "a.lzma", lambda: lzma.compress(stored({"m.pkl": PAYLOAD}), lzma.FORMAT_ALONE), HARD, "a!/m.pkl"
    ),
    _case("lz4", "a.lz4", lambda: lz4.frame.compress(stored({"m.pkl": PAYLOAD})), HARD, "a!/m.pkl"),
    _case("zstd", "a.zst", lambda: zstandard.compress(stored({"m.pkl": PAYLOAD})), HARD, "a!/m.pkl"),
    _case("zlib", "a.dat", lambda: zlib.compress(stored({"m.pkl": PAYLOAD})), HARD, "a.dat!/m.pkl"),
    _case("tgz", "a.tgz", lambda: tar_bytes({"d/m.pkl": PAYLOAD}, "w:gz"), HARD, "d/m.pkl"),
    _case("tar-bz2-renamed", "notes.txt", lambda: tar_bytes({"m.pkl": PAYLOAD}, "w:bz2"), HARD, "m.pkl"),
    _case(
        "gzip-members",
        "a.gz",
        lambda: gzip.compress(tar_bytes({"m.pkl": PAYLOAD})[:700]) + gzip.compress(tar_bytes({"m.pkl": PAYLOAD})[700:]),
        HARD,
        "m.pkl",
        "several gzip members",
    ),
    _case(
        "xz-streams",
        "a.xz",
        lambda: (
            lzma.compress(tar_bytes({"m.pkl": PAYLOAD})[:700])
            + bytes(8)
            + lzma.compress(tar_bytes({"m.pkl": PAYLOAD})[700:])
        ),
        HARD,
        "m.pkl",
        "several xz streams",
    ),
    _case(
        "zstd-frames",
        "a.zst",
        lambda: (
            zstandard.compress(tar_bytes({"m.pkl": PAYLOAD})[:700])
            + _skippable(b"x" * 9)
            + zstandard.compress(tar_bytes({"m.pkl": PAYLOAD})[700:])
        ),
        HARD,
        "m.pkl",
        "several zstd frames",
    ),
    _case(
        "zstd-skippable-first",
        "a.zst",
        lambda: _skippable(b"hello") + zstandard.compress(stored({"m.pkl": PAYLOAD})),
        HARD,
        "a!/m.pkl",
        "a frame to skip comes first",
    ),
    _case(
        "lz4-skippable-first",
        "a.lz4",
        lambda: _skippable(b"hello") + lz4.frame.compress(stored({"m.pkl": PAYLOAD})),
        HARD,
        "a!/m.pkl",
        "a frame to skip comes first",
    ),
    _case(
        "gzip-broken-tail",
        "a.gz",
        lambda: gzip.compress(stored({"m.pkl": PAYLOAD}))[:-8],
        NOT_CLEAN,
        "a",
        "broken stream",
    ),
    _case("gzip-broken-start", "m.pkl.gz", lambda: gzip.compress(PAYLOAD)[:20], NOT_CLEAN, "m.pkl", "broken stream"),
    _case(
        "gzip-garbage-after",
        "a.gz",
        lambda: gzip.compress(tar_bytes({"m.pkl": PAYLOAD})) + b"garbage",
        HARD,
        "m.pkl",
        "data after the stream",
    ),
    _case("gzip-bomb", "a.gz", _gzip_bomb, HARD, "", "700 MB of zeros"),
    _case("bzip2-bomb", "a.bz2", _bzip2_bomb, HARD, "", "1.2 GB of zeros"),
    _case("xz-bomb", "a.xz", _xz_bomb, HARD, "", "768 MB of zeros"),
    _case("zstd-bomb", "a.zst", _zstd_bomb, HARD, "", "768 MB of zeros"),
    _case("onion", "a.gz", _onion, NOT_CLEAN, "a!/a!/a!/a!/a", "nested deeper than anything is read"),
    _case("7z", "m.7z", lambda: seven_zip({"m.pkl": PAYLOAD}), HARD, "m.pkl", "nullifAI"),
    _case(
        "7z-solid-late",
        "m.7z",
        lambda: seven_zip({"a.txt": b"text" * 5000, "b.txt": b"more" * 9000, "m.pkl": PAYLOAD}),
        HARD,
        "m.pkl",
        "solid block",
    ),
    _case(
        "7z-lzma1",
        "m.7z",
        lambda: seven_zip({"m.pkl": PAYLOAD}, filters=_filters("LZMA")),
        HARD,
        "m.pkl",
        "older codec",
    ),
    _case(
        "7z-x86-filter",
        "m.7z",
        lambda: seven_zip({"m.pkl": PAYLOAD}, filters=_filters("X86", "LZMA2")),
        HARD,
        "m.pkl",
        "filter chain",
    ),
    _case(
        "7z-bzip2",
        "m.7z",
        lambda: seven_zip({"m.pkl": PAYLOAD}, filters=_filters("BZIP2")),
        HARD,
        "m.pkl",
        "other codec",
    ),
    _case(
        "7z-copy", "m.7z", lambda: seven_zip({"m.pkl": PAYLOAD}, filters=_filters("COPY")), HARD, "m.pkl", "no codec"
    ),
    _case(
        "7z-zstd", "m.7z", lambda: seven_zip({"m.pkl": PAYLOAD}, filters=_filters("ZSTD")), HARD, "m.pkl", "other codec"
    ),
    _case(
        "7z-password", "m.7z", lambda: seven_zip({"m.pkl": PAYLOAD}, password="x"), NOT_CLEAN, "", "encrypted content"
    ),
    _case(
        "7z-password-header",
        "m.7z",
        lambda: seven_zip({"m.pkl": PAYLOAD}, password="x", header_encryption=True),
        NOT_CLEAN,
        "",
        "encrypted list of files",
    ),
    _case("7z-truncated", "m.7z", lambda: seven_zip({"m.pkl": PAYLOAD * 50})[:-20], NOT_CLEAN, "", "broken archive"),
    _case("7z-renamed", "m.safetensors", lambda: seven_zip({"m.pkl": PAYLOAD}), NOT_CLEAN, "", "name promises weights"),
    _case("rar", "m.rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), NOT_CLEAN, "", "unread kind of archive"),
    _case("named-safetensors", "m.safetensors", lambda: PAYLOAD, HARD, "", "payload under a trusted name"),
    _case("named-gguf", "m.gguf", lambda: PAYLOAD, HARD, "", "payload under a trusted name"),
    _case(
        "named-onnx-unknown",
        "m.onnx",
        lambda: b"this is not a graph at all " * 9,
        NOT_CLEAN,
        "",
        "unknown content under a model's name",
    ),
    _case(
        "packed-under-name",
        "m.gguf",
        lambda: gzip.compress(PAYLOAD),
        NOT_CLEAN,
        "",
        "packed content under a model's name",
    ),
    _case(
        "safetensors-and-zip",
        "m.safetensors",
        lambda: SAFETENSORS + stored({"a/data.pkl": PAYLOAD, "a/version": b"3"}),
        HARD,
        "",
        "two formats in one file",
    ),
)
