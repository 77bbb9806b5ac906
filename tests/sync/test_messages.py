"""Words of the protocol."""

import pytest

from weighbridge.sync.messages import REFUSALS, endpoint_id_of, hash_of, to_text


def test_an_endpoint_is_named_by_its_key() -> None:
    assert endpoint_id_of(bytes(32)) == endpoint_id_of(bytes(32)) == "mzuhvlpymk6xo3ep"
    assert endpoint_id_of(bytes(31) + b"\1") != endpoint_id_of(bytes(32))


def test_hashes_have_one_form() -> None:
    assert hash_of(to_text(bytes(range(32)))) == bytes(range(32))
    for wrong in (to_text(bytes(31)), "", "*" * 44, "A" * 42 + "B=", to_text(bytes(32)) + "\n"):
        with pytest.raises(ValueError, match="32 bytes"):
            hash_of(wrong)


def test_refusals_are_sentences() -> None:
    assert sorted(REFUSALS) == list(REFUSALS)
    assert all(text.endswith(".") for text in REFUSALS.values())
