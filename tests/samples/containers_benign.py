"""Ordinary archives, as real writers make them: nobody is accused, models inside are found."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import lz4.frame
import zstandard

from tests.samples.case import Case
from tests.samples.containers_bundles import nemo, skops
from tests.samples.containers_compressed import seven_zip
from tests.samples.packing import DATA, SAFETENSORS, TAR_END, Member, stored, tar_bytes, tar_member, zip_bytes

CLEAN = frozenset({"clean"})
NOTHING = frozenset({"not-a-model"})
CLASS_FILE = b"\xca\xfe\xba\xbe\x00\x00\x00\x41" + bytes(200)


def _case(name: str, file: str, build: Callable[[], bytes], inside: str = "", expect: frozenset[str] = NOTHING) -> Case:
    return Case(
        id=f"containers-benign/{name}",
        build=lambda: {file: build()},
        subject=f"{file}!/{inside}" if inside else file,
        expect=expect,
    )


def _jar() -> bytes:
    """Return a jar as Java's streaming writer makes it: descriptors, a marker field, a repeated license."""
    return zip_bytes(
        [
            Member(name=b"META-INF/", extra=b"\xfe\xca\x00\x00"),
            Member(name=b"META-INF/MANIFEST.MF", content=b"Manifest-Version: 1.0\r\n" * 9, method=8, descriptor=True),
            Member(name=b"com/example/Main.class", content=CLASS_FILE, method=8, descriptor=True),
            Member(name=b"META-INF/LICENSE", content=b"license one", method=8, descriptor=True),
            Member(name=b"META-INF/LICENSE", content=b"license two", method=8, descriptor=True),
        ]
    )


def _streamed() -> bytes:
    """Return an archive as Go and Python write it to a pipe."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, block: object) -> int:
            self.content += bytes(block)  # type: ignore[arg-type]
            return len(bytes(block))  # type: ignore[arg-type]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[arg-type]
        archive.writestr("a.txt", b"text" * 100)
        archive.writestr("w.safetensors", SAFETENSORS)
    return bytes(pipe.content)


def _word_document() -> bytes:
    return stored({"[Content_Types].xml": b"<?xml version='1.0'?><Types/>", "word/document.xml": b"<w:p/>" * 500}, 8)


def _root_image() -> bytes:
    members = [tar_member(name.encode() + b"/", kind=b"5") for name in ("bin", "etc", "usr", "var", "dev", "lib")]
    members += [tar_member(b"bin/sh", kind=b"2", link=b"/bin/busybox"), tar_member(b"dev/null", kind=b"3")]
    return b"".join([*members, tar_member(b"etc/hostname", b"box\n"), TAR_END])


def _sources() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for number in range(30):
            info = tarfile.TarInfo(f"project-1.0/src/module_{number}.py")
            info.size = 6
            archive.addfile(info, io.BytesIO(b"a = 1\n"))
        link = tarfile.TarInfo("project-1.0/src/latest.py")
        link.type, link.linkname = tarfile.SYMTYPE, "../src/module_1.py"
        archive.addfile(link)
    return buffer.getvalue()


def _environment() -> bytes:
    members = [
        tar_member(b"venv/bin/python", kind=b"2", link=b"/usr/bin/python3"),
        tar_member(b"venv/a.py", b"a = 1\n"),
    ]
    return b"".join([*members, TAR_END])


def _mac() -> bytes:
    files = {"model/w.safetensors": SAFETENSORS, "__MACOSX/model/._w.safetensors": b"\x00\x05\x16\x07" + bytes(60)}
    return stored({"model/": b"", **files}, 8)


def _zip64() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("w.safetensors", "w", force_zip64=True) as member:
        member.write(SAFETENSORS)
    return buffer.getvalue()


def _aligned() -> bytes:
    """Return an archive with alignment padding in the extra fields and a signature before the directory."""
    members = [Member(name=b"classes.dex", content=b"dex\n035\x00" + bytes(90), extra=b"\x35\xd9\x06\x00" + bytes(6))]
    return zip_bytes(members, between=bytes(16) + b"APK Sig Block 42")


BENIGN: tuple[Case, ...] = (
    _case("jar", "a.jar", _jar),
    _case("wheel", "a.whl", lambda: stored({"pkg/__init__.py": b"a = 1\n", "pkg-1.dist-info/RECORD": b"x,,\n"}, 8)),
    _case("word-document", "a.docx", _word_document),
    _case("apk", "a.apk", _aligned),
    _case("streamed-zip", "a.zip", _streamed, "w.safetensors", CLEAN),
    _case("streamed-zip-itself", "a.zip", _streamed),
    _case("mac-zip", "a.zip", _mac, "model/w.safetensors", CLEAN),
    _case("zip64", "a.zip", _zip64, "w.safetensors", CLEAN),
    _case("zip64-itself", "a.zip", _zip64),
    _case("windows-names", "a.zip", lambda: zip_bytes([Member(name=b"folder\\readme.txt", content=b"hello")])),
    _case(
        "zip-with-program",
        "setup.exe",
        lambda: zip_bytes([Member(name=b"a.txt", content=b"x")], prefix=b"MZ" + bytes(900), shifted=False),
    ),
    _case(
        "python-zip-application",
        "tool.pyz",
        lambda: zip_bytes([Member(name=b"__main__.py", content=b"print()\n")], prefix=b"#!/usr/bin/env python3\n"),
    ),
    _case("empty-zip", "a.zip", lambda: stored({})),
    _case("pickle-in-zip", "a.zip", lambda: stored({"state.pkl": DATA}, 8), "state.pkl", CLEAN),
    _case("source-tarball", "a.tar.gz", _sources),
    _case("root-file-system", "rootfs.tar", _root_image),
    _case("environment", "venv.tar", _environment),
    _case("tar-of-weights", "a.tar", lambda: tar_bytes({"w.safetensors": SAFETENSORS}), "w.safetensors", CLEAN),
    _case("gzip-text", "log.gz", lambda: gzip.compress(b"one line of a log\n" * 200)),
    _case("gzip-very-even-text", "log.gz", lambda: gzip.compress(b"0\n" * 4_000_000)),
    _case("git-object", "0a1b", lambda: zlib.compress(b"blob 12\x00hello world\n")),
    _case("gzip-weights", "w.safetensors.gz", lambda: gzip.compress(SAFETENSORS), "w.safetensors", CLEAN),
    _case("zstd-weights", "w.safetensors.zst", lambda: zstandard.compress(SAFETENSORS), "w.safetensors", CLEAN),
    _case("bzip2-weights", "w.safetensors.bz2", lambda: bz2.compress(SAFETENSORS), "w.safetensors", CLEAN),
    _case("xz-weights", "w.safetensors.xz", lambda: lzma.compress(SAFETENSORS), "w.safetensors", CLEAN),
    _case("lz4-weights", "w.safetensors.lz4", lambda: lz4.frame.compress(SAFETENSORS), "w.safetensors", CLEAN),
    _case(
        "7z-weights",
        "a.7z",
        lambda: seven_zip({"w.safetensors": SAFETENSORS, "a.txt": b"x" * 999}),
        "w.safetensors",
        CLEAN,
    ),
    _case("7z-documents", "a.7z", lambda: seven_zip({"a.txt": b"x" * 999})),
    _case("nemo", "m.nemo", nemo, "", CLEAN),
    _case("nemo-gzip", "m.nemo", lambda: nemo(mode="w:gz"), "", CLEAN),
    _case(
        "skops",
        "m.skops",
        lambda: skops({"a": {"__module__": "sklearn.svm._classes", "__class__": "SVC", "__loader__": "ObjectNode"}}),
        "",
        CLEAN,
    ),
    _case("safetensors-named-pt", "m.pt", lambda: SAFETENSORS, "", CLEAN),
)
