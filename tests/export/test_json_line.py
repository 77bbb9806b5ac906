import json

from weighbridge.export.json_line import filled, json_line


def test_what_says_nothing_is_left_out_at_every_level():
    assert filled({"a": "", "b": {"c": None, "d": {"e": []}}, "f": {"g": 0, "h": False}}) == {"f": {"g": 0, "h": False}}


def test_nothing_in_a_document_ends_its_line():
    document = {"name": "a\nb\u2028c\u0085d"}
    line = json_line(document)
    assert line.isascii()
    assert len(line.splitlines()) == 1
    assert json.loads(line) == document
