import pytest

from weighbridge.signing.strict_json import canonical, parse


def test_canonical_text_reads_back() -> None:
    value = {"b": [1, True, None], "a": "é"}
    assert canonical(value) == '{"a":"é","b":[1,true,null]}'.encode()
    assert parse(canonical(value), 100) == value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a":1,"a":2}', "twice"),
        (b"NaN", "not JSON"),
        (b"{", "line 1"),
        (b"\xff", "UTF-8"),
        (b"[" * 100_000, "nested|larger"),
        (b" " * 200_001, "larger"),
    ],
)
def test_what_could_mean_two_things_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse(content, 200_000)
