import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.fleet.given_digests import LONGEST, MOST, digests_in
from weighbridge.model.errors import WeighbridgeError

ONE, TWO = "1a" * 32, "2b" * 32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ONE, [ONE]),
        (f"{ONE}\n{TWO}\n{ONE}", [ONE, TWO]),
        (f"sha256:{ONE},SHA256:{TWO.upper()}", [ONE, TWO]),
        (f"sha256-{ONE};\t'{TWO}'", [ONE, TWO]),
        (f"{ONE}  models/llama.gguf\n{TWO} *x.bin", [ONE, TWO]),
        (f"| {ONE} | evil |\n| {TWO} | worse |", [ONE, TWO]),
        (f'{{"sha256": "{ONE}"}}', [ONE]),
        (f"It had the digest {ONE}. Look for {TWO[:12]}: too", [ONE, TWO[:12]]),
    ],
)
def test_digests_are_found_in_what_people_paste(text: str, expected: list[str]) -> None:
    assert list(digests_in(text).digests) == expected


def test_what_is_no_digest_is_counted() -> None:
    found = digests_in(f"{ONE} evil.gguf 20261121 {'a' * 32} {'b' * 32} {'b' * 32} {'c' * 40} {'d' * 200}")
    assert found.digests == (ONE,)
    assert found.others == (("MD5", 2), ("SHA-1", 1))
    assert found.passed_over == 3


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no SHA-256 in this"),
        ("hello deadbeef", "there is no SHA-256 in this"),
        ("a" * 32, "there is no SHA-256 in this; it holds MD5"),
        ("x" * (LONGEST + 1), "more than 256,000 characters"),
        (" ".join(f"{number:064x}" for number in range(MOST + 1)), "501 digests, and 500 at once are the most"),
    ],
)
def test_what_cannot_be_hunted_is_said(text: str, says: str) -> None:
    with pytest.raises(WeighbridgeError) as refused:
        digests_in(text)
    assert (refused.value.code, refused.value.message) == ("E-query", says)


@given(st.text(max_size=300))
def test_any_text_gives_digests_or_says_that_there_are_none(text: str) -> None:
    try:
        found = digests_in(text)
    except WeighbridgeError:
        return
    assert all(12 <= len(one) <= 64 and set(one) <= set("0123456789abcdef") for one in found.digests)
