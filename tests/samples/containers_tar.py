"""Evasions that use what tar readers disagree on, and members that leave the folder."""

import tarfile
from collections.abc import Callable

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.packing import DATA, PAYLOAD, TAR_END, tar_block, tar_bytes, tar_member


def _tar(name: str, build: Callable[[], bytes], expect: frozenset[str], subject: str = "", lesson: str = "") -> Case:
    return Case(
        id=f"containers/tar-{name}",
        build=lambda: {"model.tar": build()},
        subject=f"model.tar{subject}",
        expect=expect,
        lesson=lesson,
    )


def _pax(records: dict[str, str], name: bytes, content: bytes, size: int | None = None) -> bytes:
    text = b""
    for key, value in records.items():
        body = f" {key}={value}\n".encode()
        length = len(body) + 1
        while len(str(length)) + len(body) != length:
            length = len(str(length)) + len(body)
        text += str(length).encode() + body
    return tar_member(b"pax", text, b"x") + tar_member(name, content, size=size)


def _smuggled() -> bytes:
    """Return members that a reader sees only if it believes the plain size instead of the extended one."""
    inner = tar_member(b"model.pkl", PAYLOAD)
    return _pax({"size": str(len(inner))}, b"cover.txt", inner, size=0) + TAR_END


def _old_sparse() -> bytes:
    header = bytearray(tar_block(b"model.pkl", size=len(PAYLOAD), kind=b"S", magic=b"ustar  \x00"))
    header[386:398] = b"%011o\x00" % 0
    header[398:410] = b"%011o\x00" % len(PAYLOAD)
    header[483:495] = b"%011o\x00" % (1 << 20)
    header[148:156] = b"        "
    header[148:156] = b"%06o\x00 " % sum(header)
    return bytes(header) + PAYLOAD + bytes(-len(PAYLOAD) % 512) + TAR_END


def _pax_sparse() -> bytes:
    content = b"1\n0\n%d\n" % len(PAYLOAD)
    content += bytes(-len(content) % 512) + PAYLOAD
    records = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "model.pkl",
        "GNU.sparse.realsize": "4096",
    }
    return _pax(records, b"GNUSparseFile.0/model.pkl", content) + TAR_END


def _through_link() -> bytes:
    return tar_member(b"out", kind=b"2", link=b"../../home") + tar_member(b"out/.bashrc", b"evil") + TAR_END


def _absolute_link_through() -> bytes:
    members = [tar_member(b"x", kind=b"2", link=b"/etc"), tar_member(b"x/passwd", b"evil"), TAR_END]
    return b"".join(members)


EVASIONS: tuple[Case, ...] = (
    _tar("nameless-first", lambda: tar_member(b"", b"x") + tar_member(b"m.pkl", PAYLOAD) + TAR_END, HARD, "!/m.pkl"),
    _tar("plain-payload", lambda: tar_bytes({"m.pkl": PAYLOAD}), HARD, "!/m.pkl", "payload in an archive"),
    _tar(
        "gnu-payload",
        lambda: tar_bytes({"a" * 150 + ".pkl": PAYLOAD}, tar_format=tarfile.GNU_FORMAT),
        HARD,
        "!/" + "a" * 150 + ".pkl",
        "long name",
    ),
    _tar(
        "pax-payload", lambda: tar_bytes({"é" * 90 + ".pkl": PAYLOAD}), HARD, "!/" + "é" * 90 + ".pkl", "extended name"
    ),
    _tar(
        "old-header",
        lambda: tar_block(b"m.pkl", size=len(PAYLOAD), magic=b"") + PAYLOAD + bytes(512) + TAR_END,
        HARD,
        "!/m.pkl",
        "no magic in the header",
    ),
    _tar("slip", lambda: tar_bytes({"../../.bashrc": b"evil"}), HARD, "", "CVE-2007-4559"),
    _tar("absolute", lambda: tar_bytes({"/etc/cron.d/x": b"evil"}), HARD, "", "CVE-2007-4559"),
    _tar("inner-slip", lambda: tar_bytes({"a/b/../../../x": b"evil"}), HARD, "", "slip in the middle of a name"),
    _tar(
        "slip-in-extended-name",
        lambda: _pax({"path": "../../x"}, b"fine.txt", b"evil") + TAR_END,
        HARD,
        "",
        "name in the extended header",
    ),
    _tar("through-link", _through_link, HARD, "", "member written through a link"),
    _tar("through-absolute-link", _absolute_link_through, HARD, "", "CVE-2025-4517 class"),
    _tar(
        "link-outside",
        lambda: tar_member(b"model.safetensors", kind=b"2", link=b"/etc/passwd") + TAR_END,
        NOT_CLEAN,
        "",
        "link",
    ),
    _tar(
        "link-outside-beside-model",
        lambda: tar_member(b"x", kind=b"2", link=b"../../y") + tar_member(b"m.pkl", DATA) + TAR_END,
        NOT_CLEAN,
        "",
        "link",
    ),
    _tar(
        "hard-link-outside",
        lambda: tar_member(b"model.onnx", kind=b"1", link=b"../../y") + TAR_END,
        NOT_CLEAN,
        "",
        "hard link",
    ),
    _tar("device", lambda: tar_member(b"model.gguf", kind=b"4") + TAR_END, NOT_CLEAN, "", "block device"),
    _tar(
        "pipe-beside-model",
        lambda: tar_member(b"p", kind=b"6") + tar_member(b"m.pkl", DATA) + TAR_END,
        NOT_CLEAN,
        "",
        "named pipe",
    ),
    _tar(
        "after-end",
        lambda: tar_member(b"a.txt", b"text") + TAR_END + tar_member(b"m.pkl", PAYLOAD) + TAR_END,
        HARD,
        "!/m.pkl",
        "members behind the end mark",
    ),
    _tar(
        "after-end-archive",
        lambda: tar_member(b"a.txt", b"text") + TAR_END + tar_member(b"m.pkl", DATA) + TAR_END,
        NOT_CLEAN,
        "",
        "members behind the end mark",
    ),
    _tar("smuggled-size", _smuggled, NOT_CLEAN, "", "CVE-2025-62518"),
    _tar(
        "truncated", lambda: tar_member(b"m.safetensors", b"x" * 900, size=90000), NOT_CLEAN, "", "ends inside a member"
    ),
    _tar(
        "huge-size", lambda: tar_block(b"m.pkl", size=8**11 - 1) + PAYLOAD, NOT_CLEAN, "!/m.pkl", "size beyond the file"
    ),
    _tar("old-sparse", _old_sparse, NOT_CLEAN, "!/model.pkl", "sparse file of the old kind"),
    _tar("extended-sparse", _pax_sparse, NOT_CLEAN, "!/model.pkl", "sparse file of the new kind"),
    _tar(
        "unknown-kind",
        lambda: tar_member(b"m.pkl", PAYLOAD, b"Z") + TAR_END,
        HARD,
        "!/m.pkl",
        "unknown kinds are files",
    ),
    _tar("contiguous-kind", lambda: tar_member(b"m.pkl", PAYLOAD, b"7") + TAR_END, HARD, "!/m.pkl", "kind 7 is a file"),
    _tar(
        "endless-extensions",
        lambda: tar_member(b"pax", b"", b"x") * 200 + tar_member(b"m.pkl", PAYLOAD) + TAR_END,
        NOT_CLEAN,
        "",
        "extension headers without end",
    ),
    _tar(
        "second-copy",
        lambda: tar_bytes({"m.pkl": DATA})[:1024] + tar_member(b"m.pkl", PAYLOAD) + TAR_END,
        NOT_CLEAN,
        "",
        "the same name twice",
    ),
)
