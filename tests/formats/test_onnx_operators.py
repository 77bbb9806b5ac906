"""The list of plain operators agrees with the library's own schemas."""

from onnx import defs

from weighbridge.formats.onnx_operators import is_plain


def test_every_schema_is_plain() -> None:
    missing = [(s.domain, s.name) for s in defs.get_all_schemas_with_history() if not is_plain(s.domain, s.name)]
    assert missing == []


def test_what_hands_over_is_not_plain() -> None:
    for name in ("EPContext", "PythonOp", "ATen", "Snpe", "TorchEmbedding"):
        assert not is_plain("com.microsoft", name)
    assert is_plain("com.microsoft", "FusedMatMul")
    assert not is_plain("", "RunShell")
    assert not is_plain("ai.onnx.contrib", "PyOp")
