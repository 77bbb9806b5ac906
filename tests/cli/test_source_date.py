import pytest

from weighbridge.cli.source_date import source_date, stated_time
from weighbridge.model.errors import WeighbridgeError


def test_the_variable_of_reproducible_builds() -> None:
    assert source_date({"SOURCE_DATE_EPOCH": "0"}) == "1970-01-01T00:00:00Z"
    assert source_date({"SOURCE_DATE_EPOCH": "1795235700"}) == "2026-11-21T04:35:00Z"
    assert source_date({}) is None


@pytest.mark.parametrize("value", ["soon", "-1", "1e9", "9" * 13, "²"])
def test_a_value_that_is_no_number(value: str) -> None:
    assert source_date({"SOURCE_DATE_EPOCH": value}) is None
    with pytest.raises(WeighbridgeError, match="SOURCE_DATE_EPOCH"):
        source_date({"SOURCE_DATE_EPOCH": value}, strict=True)


def test_a_stated_time() -> None:
    assert stated_time("2026-11-21T04:35:00Z") == "2026-11-21T04:35:00Z"
    for text in ("2026-11-21", "2026-13-01T00:00:00Z", "2026-11-21T04:35:00+01:00", "now"):
        with pytest.raises(WeighbridgeError):
            stated_time(text)
