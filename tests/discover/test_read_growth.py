"""Growth that one size of weights explains, and growth that it does not."""

import pytest

from weighbridge.discover.read_growth import Amounts, explained_by

MEGABYTE = 1 << 20
SIZES = (1 * MEGABYTE, 100 * MEGABYTE, 1000 * MEGABYTE, 1010 * MEGABYTE, 4000 * MEGABYTE)
START = Amounts(0, 0)


@pytest.mark.parametrize(
    ("read", "kept", "size"),
    [
        (4000, 4000, 4000),
        (4100, 3900, 4000),
        (4200, 2900, 4000),
        (120, 110, 100),
        (4000, 100, None),  # read and thrown away: a copy, a checksum
        (3999, 4000, None),  # not all of it
        (5000, 5000, None),  # much more than it
        (1030, 1030, None),  # two sizes would do
        (1, 1, None),  # any program reads so much
        (500, 500, None),
    ],
)
def test_what_explains_growth(read: int, kept: int, size: int | None) -> None:
    now = Amounts(read * MEGABYTE, kept * MEGABYTE)
    assert explained_by(now, START, SIZES) == (None if size is None else size * MEGABYTE)


def test_only_growth_since_the_last_look_counts() -> None:
    before = Amounts(9000 * MEGABYTE, 500 * MEGABYTE)
    now = Amounts(13_010 * MEGABYTE, 4600 * MEGABYTE)
    assert explained_by(now, START, SIZES) is None
    assert explained_by(now, before, SIZES) == 4000 * MEGABYTE
