import pytest

from weighbridge.discover.version_range import in_range, version_key


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [
        ("1.82.8", "==1.82.8", True),
        ("1.82.8", "==1.82.80", False),
        ("2.6.0", "<2.6.0", False),
        ("2.6.0rc1", "<2.6.0", True),
        ("2.6.0+cu124", "<2.6.0", False),
        ("2.10.0", "<2.6.0", False),
        ("0.1.15", ">=0.0.5,<0.1.16", True),
        ("0.0.4", ">=0.0.5,<0.1.16", False),
        ("1.0", "==1.0.0", True),
        ("v1.2.3", "<=1.2.3", True),
        ("1.2.3-4", ">1.2.3", True),
        ("1:1.2.3-4ubuntu1", ">1.2.3", True),
        ("1.0.0-beta.2", "<1.0.0", True),
        ("1.0.post1", ">1.0", True),
        ("2026.1.29", "<2026.1.29", False),
        ("", "*", True),
    ],
)
def test_ranges(version: str, wanted: str, fits: bool) -> None:
    assert in_range(version, wanted) == fits


def test_what_is_no_range_is_refused() -> None:
    with pytest.raises(ValueError, match="not a range"):
        in_range("1", "about 1")


def test_long_versions_cost_little() -> None:
    assert version_key("1." * 100_000)
