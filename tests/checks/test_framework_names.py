"""Which modules belong to a framework."""

from weighbridge.checks.framework_names import LIBRARIES, OWN


def test_own_modules_are_no_single_letters_and_no_standard_library() -> None:
    from weighbridge.checks.python_names import STANDARD_LIBRARY

    for prefixes in OWN.values():
        assert not {prefix.partition(".")[0] for prefix in prefixes} & STANDARD_LIBRARY
    assert "numpy" in LIBRARIES
