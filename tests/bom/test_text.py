from hypothesis import given
from hypothesis import strategies as st

from weighbridge.bom.text import clean, shown, web_address


@given(st.text(st.characters(exclude_categories=()), max_size=600), st.integers(1, 500))
def test_clean_text_is_printable_short_and_stays_as_it_is(text: str, limit: int) -> None:
    found = clean(text, limit)
    assert found.isprintable()
    assert len(found) <= limit + 1
    assert clean(found, limit) == found
    found.encode("utf-8")


def test_values_become_text() -> None:
    assert shown("x") == "x"
    assert shown(("b", 1, None)) == '["b", 1, null]'
    assert shown({"b": 1.5, "a": float("nan")}) == '{"a": "nan", "b": 1.5}'
    assert shown(1 << 70) == '"0x400000000000000000"'
    assert shown(True) == "true"
    deep: object = ()
    for _ in range(1000):
        deep = (deep,)
    assert len(shown(deep)) < 100  # type: ignore[arg-type]


def test_only_plain_addresses_pass() -> None:
    assert web_address("https://huggingface.co/a/b?x=1#y") is not None
    for text in ("javascript:alert(1)", "https://a b", "file:///etc", "https://", "https://x\n", "//x"):
        assert web_address(text) is None
