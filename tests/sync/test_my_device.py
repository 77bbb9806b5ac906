"""A server chooses the last part of a link, and nothing else of it."""

import pytest

from weighbridge.sync.my_device import page_address

SECRET = "a" * 43


def test_the_address_is_the_one_that_the_machine_enrolled_with() -> None:
    assert page_address("https://fleet.example", SECRET) == f"https://fleet.example/sign-in/{SECRET}"


@pytest.mark.parametrize("secret", ["", "a" * 42, "a" * 44, f"../{'a' * 40}", f"{SECRET}\n", "é" * 43, "a" * 42 + "?"])
def test_anything_else_is_no_link(secret: str) -> None:
    with pytest.raises(ValueError, match="no link"):
        page_address("https://fleet.example", secret)
