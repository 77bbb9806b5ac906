import pytest

from weighbridge.formats.json_text import parse, starts_object
from weighbridge.model.source import LimitReached


@pytest.mark.parametrize("head", [b"{", b'  \n{"a"', b"\xef\xbb\xbf{", b"\t{}"])
def test_objects(head):
    assert starts_object(head)


@pytest.mark.parametrize("head", [b"", b"[", b'"{', b"x{", b"\0{"])
def test_other_text(head):
    assert not starts_object(head)


def test_duplicates_are_named_at_any_depth():
    parsed = parse(b'{"a": {"b": 1, "b": 2}, "c": 1, "c": 2}')

    assert parsed.value == {"a": {"b": 2}, "c": 2}
    assert set(parsed.duplicates) == {"b", "c"}


@pytest.mark.parametrize(
    "text", [b"{", b"{} x", b"\xff", b'{"a": NaN}', b"[" * 100_000, b"[" + b"9" * 5000 + b"]", b"{'a': 1}"]
)
def test_faults_are_results(text):
    parsed = parse(text)

    assert parsed.value is None
    assert parsed.error


def test_constants_pass_where_python_loads_the_file():
    assert parse(b'{"a": NaN}', constants=True).value == {"a": "NaN"}


@pytest.mark.parametrize("text", [b"[" + b"[]," * 600_000 + b"1]", b"[" + b"1," * 1_700_000 + b"1]"])
def test_texts_that_become_too_many_objects_are_refused(text):
    with pytest.raises(LimitReached):
        parse(text)
