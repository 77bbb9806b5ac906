"""The shipped index of license texts is small, attributed, and what its tool makes from its database."""

from pathlib import Path

import pytest
from tools.license_index import TARGET, build

from tests.license_database import license_database as license_database  # a fixture
from weighbridge.licensing.text_index import index

MOST_BYTES = 3 << 20


def test_it_is_small_and_says_where_it_comes_from() -> None:
    assert TARGET.stat().st_size <= MOST_BYTES
    notice = (TARGET.parent / "NOTICE").read_text()
    assert "CC-BY-4.0" in notice
    assert "licensedcode" in notice


def test_it_holds_hashes_and_no_wording() -> None:
    known = index()
    assert len(known.licenses) > 1000
    numbers = {number for license_ in known.licenses for number in license_.variants}
    assert all(isinstance(word, int) for number in list(numbers)[:20] for word in known.variant(number).words)


@pytest.mark.deep
def test_the_tool_makes_the_same_bytes(license_database: Path) -> None:
    assert build(license_database) == TARGET.read_bytes()
