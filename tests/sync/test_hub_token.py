"""The shape of a token that every tool passes on."""

import pytest

from weighbridge.sync.hub_token import is_token


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("hf_" + "a" * 34, True),
        ("hf_" + "A9" * 20, True),
        ("hf_" + "a" * 33, False),
        ("hf_" + "a" * 65, False),
        ("wbt_" + "a" * 40, False),
        ("hf_" + "a" * 34 + "\n", False),
        ("hf_" + "ä" * 34, False),
    ],
)
def test_a_token_is_letters_and_digits(text, is_one):
    assert is_token(text) is is_one
