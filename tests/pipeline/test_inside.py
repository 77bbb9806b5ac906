import gzip

from tests.samples.shipments import tar, zipped

from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.inside import member_of, members

FILES = {"a/b": b"content", "c": b"other"}


def test_zip_tar_and_compressed_tar() -> None:
    for archive in (tar(FILES), zipped(FILES), gzip.compress(tar(FILES))):
        found = {name: source.read(0, 100) for name, source in members(BytesSource(archive, b"x"), Budget())}
        assert found == FILES


def test_archives_in_archives() -> None:
    outer = BytesSource(tar({"in.zip": zipped(FILES)}), b"x.tar")
    found = member_of(outer, "in.zip!/a/b", Budget())
    assert found is not None
    assert found.read(0, 10) == b"content"
    assert member_of(outer, "in.zip!/nothing", Budget()) is None


def test_what_is_no_archive_or_broken_ends_the_list() -> None:
    for content in (b"", b"text", tar(FILES)[:100], zipped(FILES)[:40], b"\x1f\x8b\x08broken"):
        assert len(list(members(BytesSource(content, b"x"), Budget()))) < len(FILES)
