"""The table of Keras names."""

from weighbridge.checks.keras_names import CLASSES, FOREIGN_CODE, FUNCTIONS


def test_foreign_code_is_not_plain() -> None:
    assert not CLASSES & FOREIGN_CODE
    assert not FUNCTIONS & {"get_file", "load_model", "deserialize", "get"}
    for name in ("Dense", "Conv2D", "BatchNormalization", "Adam", "GlorotUniform", "Functional", "Sequential"):
        assert name in CLASSES
