import pytest
from tests.samples.python_sources import HOSTILE, PLAIN

from weighbridge.checks.check import Subject
from weighbridge.checks.repository_code import CHECK
from weighbridge.formats.python_child import read
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import PythonProgram

SUBJECT = Subject(format="python-code", name="modeling_x.py")


def judged(source: bytes) -> Assessment:
    answer = read(source)
    program = PythonProgram(**{k: tuple(v) if isinstance(v, list) else v for k, v in answer.items()})
    [finding] = CHECK.judge(program, SUBJECT)
    return finding.implies


@pytest.mark.parametrize("name", HOSTILE)
def test_code_that_acts_is_malicious(name):
    assert judged(HOSTILE[name]) is Assessment.MALICIOUS


@pytest.mark.parametrize(
    "source",
    [
        PLAIN,
        b"import requests\ndef fetch(u):\n    return requests.get(u)\n",
        b"import torch\ndef load(p):\n    return torch.load(p)\n",
        b"import importlib.util\nif importlib.util.find_spec('flash_attn'):\n    import flash_attn\n",
        b"import os\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'\np = os.path.join('a', 'b')\n",
        b"import re, torch\nP = re.compile('x')\n@torch.compile\ndef f(x): return x\n",
        b"import torch, importlib\ndef act(c):\n    return getattr(torch.nn, c)()\n",
        b"import base64, bz2\nK = bz2.decompress(base64.b64decode('" + b"QUJD" * 60 + b"'))\n",
        b"import ctypes\ndef size():\n    return ctypes.c_int(1)\n",
        b"def run(code):\n    return code.strip(), trace.upper(), sh.x(), request.get()\n",
        b"import sys\ndef f():\n    return getattr(sys.modules[__name__], 'x')\n",
        b"from .other import *\nimport logging\nlogger = logging.getLogger(__name__)\n",
        b"import json, numpy as np\ndef f(p):\n    model.eval()\n    return json.load(open(p)), np.load(p)\n",
    ],
)
def test_code_that_computes_is_for_review(source):
    assert judged(source) is Assessment.REVIEW


def test_code_that_does_not_parse_is_incomplete():
    assert judged(b"def") is Assessment.INCOMPLETE
