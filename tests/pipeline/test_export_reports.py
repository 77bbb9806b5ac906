import pytest

from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.export_reports import report_of


@pytest.mark.parametrize("schema", ["weighbridge.scan/1", "weighbridge.ps/1"])
def test_both_reports_are_read(schema: str) -> None:
    assert report_of(b'{"schema":"%s"}' % schema.encode(), "r.json")["schema"] == schema


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"schema": "other/1"}', b"\xff\xfe", b"[" * 200_000, b'{"schema": 1}']
)
def test_what_is_none_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(WeighbridgeError) as caught:
        report_of(content, "r.json")
    assert caught.value.code == "E-report-unreadable"
    assert caught.value.message.startswith("r.json ")
    assert caught.value.hint
