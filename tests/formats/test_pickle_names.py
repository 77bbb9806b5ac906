"""Names of Python 2."""

from weighbridge.formats.pickle_names import python3_name


def test_names_modules_and_neither() -> None:
    assert python3_name("__builtin__", "xrange") == ("builtins", "range")
    assert python3_name("copy_reg", "_reconstructor") == ("copyreg", "_reconstructor")
    assert python3_name("torch", "FloatStorage") == ("torch", "FloatStorage")
