"""What a model of XGBoost begins with."""

from weighbridge.formats.xgboost_start import LEGACY_BYTES, could_be, is_legacy

BINARY = bytes(LEGACY_BYTES) + (16).to_bytes(8, "little") + b"binary:logistic!" + (6).to_bytes(8, "little") + b"gbtree"


def test_json_with_a_key_of_its_own() -> None:
    assert could_be(b' {"version": [2, 0], "learner" : {"attributes": {}}}')
    assert not could_be(b'{"learner": "Ada"}')
    assert not could_be(b'["learner", {}]')


def test_the_binary_form_names_a_known_booster() -> None:
    assert could_be(BINARY)
    assert is_legacy(b"binf" + BINARY, 4)
    assert not could_be(BINARY.replace(b"gbtree", b"gbtrie"))
    assert not could_be(BINARY[:150])
