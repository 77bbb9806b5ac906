import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.python_sources import HOSTILE, PLAIN

from weighbridge.formats.python_child import read
from weighbridge.model.observation import PythonProgram

OS_SYSTEM = (
    *("os-system", "from-import", "star-import", "dunder-import", "import-built", "getattr-built"),
    *("getattr-reversed", "getattr-decoded", "sys-modules", "decorator", "handed-on", "stored", "lambda"),
    *("default-argument", "alias-shadowed", "shadow-first", "cookie", "reduce", "walrus", "list-index"),
    *("thread", "atexit"),
)


def test_a_plain_model_file():
    answer = read(PLAIN)

    assert answer["error"] is None
    assert ".configuration_tiny" in answer["imports"]
    assert "torch.nn.Linear" in answer["calls"]
    assert "torch.nn.Linear" not in answer["top_level_calls"]
    assert answer["strings"] == []


@pytest.mark.parametrize(
    ("name", "call"),
    [(name, "os.system") for name in OS_SYSTEM]
    + [
        ("subprocess-in-init", "subprocess.run"),
        ("subprocess-in-forward", "subprocess.Popen"),
        ("import-module", "subprocess.run"),
        ("eval-alias", "eval"),
        ("builtins-dict", "builtins.exec"),
        ("globals-subscript", "eval"),
        ("getattr-unknown", "os.<computed>"),
        ("ctypes", "ctypes.CDLL"),
    ],
)
def test_what_is_called_is_named_whatever_the_detour(name, call):
    assert call in read(HOSTILE[name])["calls"]


def test_what_runs_on_import_is_told_apart():
    source = b"import os\ndef later():\n    os.remove('x')\ndef now():\n    os.rename('a', 'b')\nnow()\n"
    answer = read(source)

    assert "os.rename" in answer["top_level_calls"]
    assert "os.remove" in answer["calls"]
    assert "os.remove" not in answer["top_level_calls"]


def test_the_main_block_does_not_run_on_import():
    answer = read(b"import os\nif __name__ == '__main__':\n    os.system('id')\n")

    assert answer["top_level_calls"] == []
    assert "os.system" in answer["calls"]


def test_encoded_strings_are_noted_and_prose_is_not():
    assert read(b"x = '" + b"QUJD" * 60 + b"'")["strings"]
    assert read(b"x = '" + b"deadbeef" * 30 + b"'")["strings"]
    assert read(b"x = " + repr(bytes(range(256))).encode())["strings"]
    assert read(b"x = '" + b"a long sentence of words " * 30 + b"'")["strings"] == []


@pytest.mark.parametrize(
    "source", [b"def", b"\0", b"(" * 500, b"# coding: nonsense\n", b"x = " + b"-" * 200_000 + b"1"]
)
def test_source_that_does_not_parse_says_why(source):
    assert read(source)["error"]


def test_the_answer_is_a_python_program():
    answer = json.loads(json.dumps(read(PLAIN)))

    PythonProgram(**{k: tuple(v) if isinstance(v, list) else v for k, v in answer.items()})


@given(st.text("ab.()=:\n import os'\"[]@lambda+%d", max_size=80))
def test_any_text_gets_an_answer(text):
    json.dumps(read(text.encode()))
