"""Evasions that use what ZIP readers disagree on."""

import io
import zipfile
from collections.abc import Callable

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.packing import DATA, PAYLOAD, Member, stored, torch_members, zip_bytes


def _one(name: str, content: Callable[[], bytes]) -> Callable[[], dict[str, bytes]]:
    return lambda: {name: content()}


def _checkpoint(**changes: object) -> bytes:
    """Return a checkpoint whose `data.pkl` has other header fields."""
    members = torch_members()
    for name, value in changes.items():
        setattr(members[0], name, value)
    return zip_bytes(members)


def _two_directories() -> bytes:
    """Return harmless and hostile archives in one file: which one is read depends on the end record that is found."""
    inner = stored({"model.pkl": PAYLOAD})
    return zip_bytes([Member(name=b"model.pkl", content=DATA)], comment=inner)


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("model.pkl", "w") as member:
        for _ in range(300):
            member.write(bytes(1 << 20))
    return buffer.getvalue()


def _nested_bomb() -> bytes:
    level = stored({f"{number}.pkl": PAYLOAD for number in range(8)}, zipfile.ZIP_DEFLATED)
    for _ in range(7):
        level = stored({f"{number}.zip": level for number in range(8)}, zipfile.ZIP_DEFLATED)
    return level


def _quine_like_overlap() -> bytes:
    members = [Member(name=b"model.pkl", content=PAYLOAD)]
    members += [
        Member(
            name=b"copy%d.pkl" % number,
            content=b"",
            central={"offset": 0, "size": len(PAYLOAD), "packed": len(PAYLOAD)},
        )
        for number in range(3)
    ]
    return zip_bytes(members)


def _unlisted() -> bytes:
    return zip_bytes(
        [Member(name=b"model.pkl", content=DATA), Member(name=b"extra.pkl", content=PAYLOAD, listed=False)]
    )


def _only_stream() -> bytes:
    """Return an archive without a directory: only readers of local headers see its member."""
    whole = stored({"model.pkl": PAYLOAD})
    return whole[: whole.index(b"PK\x01\x02")]


def _zip(name: str, build: Callable[[], bytes], expect: frozenset[str], subject: str = "", lesson: str = "") -> Case:
    return Case(
        id=f"containers/{name}",
        build=_one("model.zip", build),
        subject=f"model.zip{subject}",
        expect=expect,
        lesson=lesson,
    )


def _torch(name: str, build: Callable[[], bytes], lesson: str, expect: frozenset[str] = HARD) -> Case:
    return Case(
        id=f"containers/torch-{name}", build=_one("model.pt", build), subject="model.pt", expect=expect, lesson=lesson
    )


def _link(target: bytes) -> Member:
    return Member(name=b"weights.safetensors", content=target, attributes=0o120777 << 16)


EVASIONS: tuple[Case, ...] = (
    _torch("link-attribute", lambda: _checkpoint(attributes=0o120777 << 16), "loaders ignore attributes"),
    _torch("folder-attribute", lambda: _checkpoint(attributes=0o040755 << 16 | 0x10), "loaders ignore attributes"),
    _torch("local-name-differs", lambda: _checkpoint(local={"name": b"archive/data.txt"}), "CVE-2025-1944"),
    _torch("central-name-differs", lambda: _checkpoint(central={"name": b"archive/readme.md"}), "CVE-2025-1944"),
    _torch("encrypted-flag-central", lambda: _checkpoint(central={"flags": 1}), "CVE-2025-1945"),
    _torch("encrypted-flag-local", lambda: _checkpoint(local={"flags": 1}), "CVE-2025-1945"),
    _torch("encrypted-flag-both", lambda: _checkpoint(flags=1), "CVE-2025-1945"),
    _torch("patch-flag", lambda: _checkpoint(flags=0x20), "CVE-2025-1945"),
    _torch("strong-encryption-flag", lambda: _checkpoint(central={"flags": 0x41}), "CVE-2025-1945"),
    _torch("masked-header-flag", lambda: _checkpoint(local={"flags": 0x2000}), "CVE-2025-1945"),
    _torch("wrong-crc-both", lambda: _checkpoint(local={"crc": 1}, central={"crc": 1}), "CVE-2025-10156"),
    _torch("wrong-crc-central", lambda: _checkpoint(central={"crc": 7}), "CVE-2025-10156"),
    _torch("wrong-crc-local", lambda: _checkpoint(local={"crc": 7}), "CVE-2025-10156"),
    _torch("size-differs", lambda: _checkpoint(local={"size": 3}), "size in local and central header"),
    _torch("method-differs", lambda: _checkpoint(local={"method": 8}), "method in local and central header"),
    _torch("descriptor-without-sizes", lambda: _checkpoint(descriptor=True), "streamed member"),
    _torch(
        "duplicate-last-hostile",
        lambda: zip_bytes([*torch_members(DATA), *torch_members(PAYLOAD)]),
        "duplicate member, last one wins",
    ),
    _torch(
        "duplicate-first-hostile",
        lambda: zip_bytes([*torch_members(PAYLOAD), *torch_members(DATA)]),
        "duplicate member, first one wins",
    ),
    _torch("bytes-after-end", lambda: zip_bytes(torch_members(), after=b"junk" * 20), "data after the end record"),
    _torch("bytes-before", lambda: zip_bytes(torch_members(), prefix=b"\x00" * 64), "data before the archive"),
    _torch("wrong-count", lambda: zip_bytes(torch_members(), count=1), "end record counts fewer members"),
    _torch(
        "name-with-zero-byte",
        lambda: zip_bytes([Member(name=b"archive/data.pkl\x00.txt", content=PAYLOAD), *torch_members()[1:]]),
        "NUL in member name",
        NOT_CLEAN,
    ),
    _zip("zip-plain-payload", lambda: stored({"a/model.pkl": PAYLOAD}), HARD, "!/a/model.pkl", "payload in an archive"),
    _zip("zip-deflated-payload", lambda: stored({"m.pkl": PAYLOAD}, 8), HARD, "!/m.pkl", "payload in an archive"),
    _zip("zip-bzip2-payload", lambda: stored({"m.pkl": PAYLOAD}, 12), HARD, "!/m.pkl", "rare compression"),
    _zip("zip-lzma-payload", lambda: stored({"m.pkl": PAYLOAD}, 14), HARD, "!/m.pkl", "rare compression"),
    _zip("zip-renamed-payload", lambda: stored({"notes.txt": PAYLOAD}), HARD, "!/notes.txt", "renamed member"),
    _zip("zip-in-zip", lambda: stored({"b.zip": stored({"m.pkl": PAYLOAD})}, 8), HARD, "!/b.zip!/m.pkl", "nesting"),
    _zip("zip-two-directories", _two_directories, HARD, "", "several end records"),
    _zip("zip-hidden-member", _unlisted, HARD, "", "member that the directory does not list"),
    _zip("zip-hidden-member-itself", _unlisted, HARD, "!/extra.pkl", "member that the directory does not list"),
    _zip("zip-without-directory", _only_stream, HARD, "!/model.pkl", "stream readers need no directory"),
    _zip("zip-overlap", _quine_like_overlap, HARD, "", "overlapping members"),
    _zip("zip-slip", lambda: stored({"../../.bashrc": b"evil", "m.pkl": DATA}), HARD, "", "CVE-2018-1002200"),
    _zip("zip-slip-backslash", lambda: zip_bytes([Member(name=b"..\\..\\run.bat", content=b"evil")]), HARD, "", "slip"),
    _zip("zip-absolute", lambda: zip_bytes([Member(name=b"/etc/cron.d/x", content=b"evil")]), HARD, "", "slip"),
    _zip("zip-drive-letter", lambda: zip_bytes([Member(name=b"C:\\run.bat", content=b"evil")]), HARD, "", "slip"),
    _zip("zip-link-outside", lambda: zip_bytes([_link(b"../../etc/passwd")]), NOT_CLEAN, "", "symbolic link"),
    _zip(
        "zip-encrypted",
        lambda: zip_bytes(
            [Member(name=b"m.pkl", content=b"\x9a" * 60, flags=1, central={"size": 48}, local={"size": 48})]
        ),
        NOT_CLEAN,
        "",
        "password",
    ),
    _zip(
        "zip-unknown-method",
        lambda: zip_bytes([Member(name=b"m.pkl", content=b"\x9a" * 60, method=98)]),
        NOT_CLEAN,
        "",
        "PPMd",
    ),
    _zip(
        "zip-deflate64",
        lambda: zip_bytes([Member(name=b"m.pkl", content=b"\x9a" * 60, method=9)]),
        NOT_CLEAN,
        "",
        "deflate64",
    ),
    _zip(
        "zip-damaged-member",
        lambda: zip_bytes(
            [Member(name=b"m.pkl", content=b"\x9a\xff" * 60, local={"method": 8}, central={"method": 8})]
        ),
        NOT_CLEAN,
        "!/m.pkl",
        "broken stream",
    ),
    _zip("zip-case-duplicate", lambda: stored({"Model.pkl": DATA, "model.pkl": PAYLOAD}), HARD, "!/model.pkl", "case"),
    _zip("zip-bomb", _bomb, HARD, "", "300 MB of zeros in 300 KB"),
    _zip("zip-nested-bomb", _nested_bomb, NOT_CLEAN, "", "archives in archives"),
    _zip(
        "zip-behind-program",
        lambda: zip_bytes([Member(name=b"m.pkl", content=PAYLOAD)], prefix=b"MZ" + bytes(5000)),
        HARD,
        "!/m.pkl",
        "self-extracting archive",
    ),
)
