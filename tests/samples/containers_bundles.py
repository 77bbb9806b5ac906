"""Evasions inside bundles: skops, TorchServe archives, NeMo, MLflow, llamafile."""

import json
from collections.abc import Callable

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.packing import (
    DATA,
    PAYLOAD,
    TAR_END,
    Member,
    stored,
    tar_bytes,
    tar_member,
    torch_members,
    zip_bytes,
)

HANDLER = b"import os\nos.system('true')\n\ndef handle(data, context):\n    return data\n"
PLAIN_HANDLER = b"def handle(data, context):\n    return data\n"
NEMO_CONFIG = b"target: nemo.collections.asr.models.EncDecCTCModel\nencoder:\n  _target_: nemo.core.Encoder\n"


def skops(node: dict[str, object]) -> bytes:
    """Return a skops file with `node` as the whole object."""
    schema = {"__module__": "sklearn.pipeline", "__class__": "Pipeline", "__loader__": "ObjectNode", "content": node}
    return stored({"schema.json": json.dumps(schema | {"protocol": 2, "_skops_version": "0.13.0"}).encode()})


def mar(handler: bytes, weights: bytes = DATA, name: str = "handler.py") -> bytes:
    """Return a TorchServe archive."""
    manifest = {"model": {"modelName": "m", "modelVersion": "1", "handler": name, "serializedFile": "m.pkl"}}
    return stored({"MAR-INF/MANIFEST.json": json.dumps(manifest).encode(), name: handler, "m.pkl": weights})


def nemo(config: bytes = NEMO_CONFIG, weights: bytes | None = None, mode: str = "w") -> bytes:
    """Return a NeMo file."""
    checkpoint = zip_bytes(torch_members(DATA)) if weights is None else weights
    return tar_bytes({"./model_config.yaml": config, "./model_weights.ckpt": checkpoint}, mode)


def _node(module: str, name: str, loader: str = "ObjectNode", **content: object) -> dict[str, object]:
    return {"steps": {"__module__": module, "__class__": name, "__loader__": loader, "content": content}}


def _mlflow(lines: str) -> bytes:
    return f"artifact_path: model\nflavors:\n  python_function:\n{lines}\nmlflow_version: 2.9.0\n".encode()


def _case(name: str, file: str, build: Callable[[], bytes], expect: frozenset[str], lesson: str) -> Case:
    return Case(id=f"containers/{name}", build=lambda: {file: build()}, subject=file, expect=expect, lesson=lesson)


def _second_schema() -> bytes:
    good = json.dumps({"__module__": "numpy", "__class__": "ndarray", "__loader__": "NdArrayNode"}).encode()
    bad = json.dumps({"__module__": "os", "__class__": "system", "__loader__": "FunctionNode"}).encode()
    return zip_bytes([Member(name=b"schema.json", content=good), Member(name=b"schema.json", content=bad)])


EVASIONS: tuple[Case, ...] = (
    _case(
        "mlflow-late-loader",
        "MLmodel",
        lambda: b"# comment\n" * 900 + _mlflow("    loader_module: os"),
        HARD,
        "what matters stands behind the first bytes",
    ),
    _case(
        "mlflow-flow-style",
        "MLmodel",
        lambda: b'{"flavors": {"python_function": {"loader_module": "os"}}}',
        HARD,
        "another style of the same text",
    ),
    _case("skops-function", "m.skops", lambda: skops(_node("os", "system", "FunctionNode")), HARD, "CVE-2025-54412"),
    _case(
        "skops-operator",
        "m.skops",
        lambda: skops(_node("operator", "methodcaller", "OperatorFuncNode")),
        HARD,
        "CVE-2025-54412",
    ),
    _case(
        "skops-method",
        "m.skops",
        lambda: skops(_node("builtins", "dict", "MethodNode", func="__class__")),
        HARD,
        "CVE-2025-54413",
    ),
    _case(
        "skops-unknown-class",
        "m.skops",
        lambda: skops(_node("my_package.steps", "Cleaner")),
        NOT_CLEAN,
        "class of nobody's",
    ),
    _case("skops-two-schemas", "m.skops", _second_schema, HARD, "duplicate member"),
    _case(
        "skops-pickle-inside",
        "m.skops",
        lambda: stored(
            {
                "schema.json": b'{"__module__":"numpy","__class__":"ndarray","__loader__":"NdArrayNode"}',
                "x.npy": PAYLOAD,
            }
        ),
        HARD,
        "pickle instead of an array",
    ),
    _case("mar-handler", "m.mar", lambda: mar(HANDLER), NOT_CLEAN, "handler runs on load"),
    _case("mar-quiet-handler", "m.mar", lambda: mar(PLAIN_HANDLER), NOT_CLEAN, "handler is code by design"),
    _case(
        "mar-handler-no-suffix", "m.mar", lambda: mar(HANDLER, name="handler.txt"), NOT_CLEAN, "handler by another name"
    ),
    _case("mar-pickle", "m.mar", lambda: mar(PLAIN_HANDLER, PAYLOAD), HARD, "pickled weights"),
    _case(
        "mar-slip",
        "m.mar",
        lambda: stored({"MAR-INF/MANIFEST.json": b"{}", "../../x.py": HANDLER}),
        HARD,
        "CVE-2023-48299",
    ),
    _case("mar-as-zip", "m.zip", lambda: mar(HANDLER, PAYLOAD), HARD, "renamed"),
    _case(
        "nemo-target",
        "m.nemo",
        lambda: nemo(b"tokenizer:\n  _target_: os.system\n  command: id\n"),
        HARD,
        "CVE-2025-23304",
    ),
    _case(
        "nemo-target-alias",
        "m.nemo",
        lambda: nemo(b"a: &x os.system\ntokenizer: {_target_: *x}\n"),
        HARD,
        "alias in the configuration",
    ),
    _case(
        "nemo-python-tag",
        "m.nemo",
        lambda: nemo(b"a: !!python/object/apply:os.system ['id']\n"),
        HARD,
        "unsafe YAML loader",
    ),
    _case(
        "nemo-laughs",
        "m.nemo",
        lambda: nemo(b"a: &a [x,x]\nb: &b [*a,*a]\n" + b"c: " + b"[" * 50_000),
        NOT_CLEAN,
        "YAML bomb",
    ),
    _case("nemo-weights", "m.nemo", lambda: nemo(weights=zip_bytes(torch_members())), HARD, "CVE-2025-23249"),
    _case("nemo-gzip", "m.nemo", lambda: nemo(weights=zip_bytes(torch_members()), mode="w:gz"), HARD, "packed bundle"),
    _case(
        "nemo-slip",
        "m.nemo",
        lambda: tar_bytes({"model_config.yaml": NEMO_CONFIG, "../../x": b"evil"}),
        HARD,
        "CVE-2025-23360",
    ),
    _case(
        "nemo-link",
        "m.nemo",
        lambda: (
            tar_member(b"model_config.yaml", NEMO_CONFIG) + tar_member(b"w", kind=b"2", link=b"/etc/passwd") + TAR_END
        ),
        HARD,
        "link in a bundle",
    ),
    _case(
        "nemo-duplicate",
        "m.nemo",
        lambda: (
            tar_member(b"model_config.yaml", NEMO_CONFIG)
            + tar_member(b"model_config.yaml", b"a: {_target_: os.system}")
            + TAR_END
        ),
        HARD,
        "duplicate configuration",
    ),
    _case("mlflow-loader", "MLmodel", lambda: _mlflow("    loader_module: os"), HARD, "loader of the standard library"),
    _case(
        "mlflow-custom-loader",
        "MLmodel",
        lambda: _mlflow("    loader_module: my_loader\n    code: code"),
        NOT_CLEAN,
        "loader beside the model",
    ),
    _case(
        "mlflow-path",
        "MLmodel",
        lambda: _mlflow("    loader_module: mlflow.sklearn\n    model_path: ../../../m.pkl"),
        NOT_CLEAN,
        "path that leaves",
    ),
    _case(
        "llamafile",
        "m.llamafile",
        lambda: zip_bytes(
            [
                Member(name=b"m.gguf", content=b"GGUF\x03\0\0\0" + bytes(16)),
                Member(name=b".args", content=b"-m m.gguf"),
            ],
            prefix=b"MZqFpD='\n" + bytes(4000),
        ),
        NOT_CLEAN,
        "program with weights",
    ),
    _case(
        "llamafile-elf",
        "server",
        lambda: zip_bytes(
            [Member(name=b"m.gguf", content=b"GGUF\x03\0\0\0" + bytes(16))], prefix=b"\x7fELF" + bytes(4000)
        ),
        NOT_CLEAN,
        "program with weights",
    ),
    _case(
        "llamafile-pickle",
        "m.llamafile",
        lambda: zip_bytes(
            [Member(name=b"m.gguf", content=b"GGUF\x03\0\0\0" + bytes(16)), Member(name=b"x.pkl", content=PAYLOAD)],
            prefix=b"MZqFpD='\n" + bytes(4000),
        ),
        HARD,
        "pickle beside the weights",
    ),
)
