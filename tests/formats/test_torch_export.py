"""Programs that torch.export saves."""

from tests.samples.torch_files import archive

from weighbridge.formats.torch_export import read, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.observation import EmbeddedCode
from weighbridge.model.source import BytesSource

PLAIN = {
    "exported/archive_format": b"pt2",
    "exported/models/model.json": b"{}",
    "exported/data/weights/weight_0": b"\0" * 16,
    "exported/data/sample_inputs/model.pt": b"PK",
}


def test_members_are_handed_on() -> None:
    source = BytesSource(archive(PLAIN))
    assert recognize(source, b"")
    reading = read(source, Budget())
    assert reading.format == "torch-export"
    assert reading.holds_model
    expected = {child.member: child.expect for child in reading.children}
    assert expected["exported/data/sample_inputs/model.pt"] == "torch-zip"
    assert expected["exported/data/weights/weight_0"] is None


def test_compiled_code_is_observed() -> None:
    source = BytesSource(archive(PLAIN | {"exported/data/aotinductor/model/abc.so": b"\x7fELF"}))
    observed = [noted for noted in read(source, Budget()).observations if isinstance(noted, EmbeddedCode)]
    assert [noted.kind for noted in observed] == ["compiled-graph"]


def test_old_layout_and_others() -> None:
    old = {"serialized_exported_program.json": b"{}", "serialized_state_dict.pt": b"PK"}
    assert recognize(BytesSource(archive(old)), b"")
    assert not recognize(BytesSource(archive({"models/model.json": b"{}"})), b"")
    assert not recognize(BytesSource(archive({"archive_format": b"pt2"})), b"")
