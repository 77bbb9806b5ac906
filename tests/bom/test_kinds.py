from weighbridge.bom.component import Kind
from weighbridge.bom.kinds import _DATA, _FILES, kind_of
from weighbridge.formats.registry import READERS


def test_weights_are_models_and_what_surrounds_them_is_not() -> None:
    assert kind_of("gguf") is Kind.MODEL
    assert kind_of("torch-zip") is Kind.MODEL
    assert kind_of("npy") is Kind.DATA
    assert kind_of("transformers-config") is Kind.FILE
    assert kind_of("zip") is Kind.FILE


def test_every_listed_format_exists() -> None:
    ids = {reader.id for reader in READERS} | {"python-code"}
    assert sorted((_FILES | _DATA) - ids) == []
