from weighbridge.checks.registry import CHECKS
from weighbridge.formats.registry import READERS
from weighbridge.policy.capability import CODE_CAPABLE_FORMATS, CODE_CHECKS


def test_names_are_those_of_the_registries():
    assert {reader.id for reader in READERS} >= CODE_CAPABLE_FORMATS
    assert {check.id for check in CHECKS} >= CODE_CHECKS


def test_plain_data_is_not_capable_of_code():
    assert CODE_CAPABLE_FORMATS.isdisjoint({"gguf", "safetensors", "ggml", "openvino"})
