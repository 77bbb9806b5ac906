"""The table of operators that reach out."""

from weighbridge.checks.graph_operator_names import COMPILED, FILES_AND_PROCESSES, PYTHON


def test_flex_operators_are_judged_like_tensorflow() -> None:
    assert FILES_AND_PROCESSES["tflite"] == FILES_AND_PROCESSES["tensorflow"]
    assert PYTHON["tflite"] == PYTHON["tensorflow"]


def test_lists_are_apart() -> None:
    for framework, names in PYTHON.items():
        assert not names & FILES_AND_PROCESSES.get(framework, frozenset())
    assert ("tensorrt", "engine") in COMPILED
