"""`wb ledger rebuild`: the inventory follows from the records."""

from pathlib import Path

import pytest
from tests.cli.test_ledger import recorded, state  # noqa: F401  (fixtures)
from tests.cli_runs import wb


@pytest.mark.parametrize("name", ["rotate-key", "rebuild"])
def test_nothing_is_made_where_nothing_was_recorded(state: Path, name: str) -> None:  # noqa: F811  (a fixture)
    code, _, err = wb("ledger", name)
    assert (code, "E-ledger-empty" in err) == (3, True)
    assert not state.exists()


def test_rebuild_says_what_the_records_amount_to(recorded: Path) -> None:  # noqa: F811  (a fixture)
    code, out, err = wb("ledger", "rebuild")
    assert (code, "from 303 records" in err) == (0, True)
    assert out.split() == ["1", "artifact", "300", "sighting"]
