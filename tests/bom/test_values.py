from weighbridge.bom.values import digest, items, mapping, number, text


def test_wrong_types_become_nothing() -> None:
    assert (mapping([]), items({}), text(5), number(-1), digest("ab")) == ({}, [], "", 0, None)
    assert (number(True), number("9" * 30), number("²")) == (0, 0, 0)


def test_right_ones_pass() -> None:
    assert mapping({"a": 1}) == {"a": 1}
    assert text("a\x1b") == "a\\x1b"
    assert text(["a", "b"]) == "a; b"
    assert number("12") == 12
    assert digest("AB" * 32) == "ab" * 32
