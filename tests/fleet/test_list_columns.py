import pytest

from weighbridge.fleet.list_columns import COLUMNS, chosen
from weighbridge.model.errors import WeighbridgeError


def test_all_columns_are_plain_and_named_once() -> None:
    assert "spread_endpoints" in COLUMNS["artifacts"]
    for names in COLUMNS.values():
        assert len(set(names)) == len(names)
        assert "spread" not in names


def test_none_is_all_and_an_unknown_one_is_explained() -> None:
    assert chosen("endpoints", ()) == COLUMNS["endpoints"]
    assert chosen("endpoints", ("name", "owner")) == ("name", "owner")
    with pytest.raises(WeighbridgeError) as refused:
        chosen("endpoints", ("onwer",))
    assert (refused.value.code, refused.value.hint) == ("E-query", "did you mean `owner`?")
