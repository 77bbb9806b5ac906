"""The tables of Python's own modules."""

import sys

from weighbridge.checks.python_names import DATA_CLASSES, STANDARD_LIBRARY


def test_this_python_is_covered() -> None:
    assert sys.stdlib_module_names - STANDARD_LIBRARY <= {"test", "__main__"}


def test_data_classes_do_not_act() -> None:
    for module, names in DATA_CLASSES.items():
        assert not names & {"eval", "exec", "getattr", "open", "partial", "methodcaller"}, module
