"""The list of plain TensorFlow operators and the list of those that reach out do not overlap."""

from weighbridge.checks.graph_operator_names import FILES_AND_PROCESSES, PYTHON
from weighbridge.formats.tensorflow_operators import PLAIN


def test_lists_do_not_overlap() -> None:
    assert PLAIN & (FILES_AND_PROCESSES["tensorflow"] | PYTHON["tensorflow"]) == {"PrintV2"}


def test_what_every_model_needs_is_plain() -> None:
    for name in ("Const", "MatMul", "StatefulPartitionedCall", "SaveV2", "RestoreV2", "VarHandleOp", "NoOp"):
        assert name in PLAIN
