from tests.samples.packing import PAYLOAD, Member, stored, zip_bytes

from weighbridge.formats.zip_directory import parse
from weighbridge.formats.zip_local import LocalReader, Notes, local_walk
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ArchiveAnomaly
from weighbridge.model.source import BytesSource


def walked(content: bytes) -> list[str]:
    source = BytesSource(content)
    return [entry.name for entry in local_walk(source, 0, source.size, Budget(), [])]


def test_members_without_a_directory():
    whole = stored({"a": b"one", "b": b"two"})
    assert walked(whole[: whole.index(b"PK\x01\x02")]) == ["a", "b"]


def test_headers_behind_other_bytes_are_found():
    whole = stored({"a": b"one"})
    assert walked(b"junk" * 100 + whole[: whole.index(b"PK\x01\x02")]) == ["a"]


def test_padding_without_a_name_is_no_member():
    assert walked(zip_bytes([Member(name=b"", content=b"")])) == []


def test_members_that_share_bytes_are_observed():
    content = zip_bytes([Member(name=b"a", content=PAYLOAD), Member(name=b"b", central={"offset": 0, "packed": 30})])
    kinds = [getattr(item, "kind", "") for item in parse(BytesSource(content), Budget()).observations]
    assert "overlap" in kinds


def test_neighbors_are_read_at_once():
    class Counted(BytesSource):
        reads = 0

        def read(self, offset: int, length: int) -> bytes:
            Counted.reads += 1
            return super().read(offset, length)

    reader = LocalReader(Counted(bytes(1 << 20)))
    for offset in range(0, 1 << 16, 1 << 10):
        reader.read(offset, 100)
    assert Counted.reads < 6


def test_notes_keep_a_few_of_each_kind():
    notes = Notes()
    for kind in ["a"] * 100 + ["b"]:
        notes.append(ArchiveAnomaly(kind=kind, detail=""))
    assert len([item for item in notes if item.kind == "a"]) == 20  # type: ignore[attr-defined]
    assert notes[-1].kind == "b"  # type: ignore[attr-defined]
