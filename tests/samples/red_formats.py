"""Evasions and honest files that an outside attacker of the model formats found first."""

import json
import struct

from tests.samples import ggml_file, torch7_file
from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.gguf_file import ARRAY, STRING, small
from tests.samples.templates import ESCAPES, HONEST

CLEAN = frozenset({"clean"})
REVIEW = frozenset({"review"})
UNLISTED = frozenset({"not-a-model"})
ESCAPE = ESCAPES["cycler"]
HANDLER = b"import os\nos.system('touch marker')\n"
LOADER = b"flavors:\n  python_function:\n    loader_module: my_loader\n    code: code\n"
FROM_CODE = b"flavors:\n  python_function:\n    loader_module: mlflow.pyfunc.model\n    model_code_path: agent.py\n"


def _keras(**layer: object) -> bytes:
    dense = {"class_name": "Dense", "module": "keras.layers", "config": {"units": 2}, **layer}
    return json.dumps({"class_name": "Sequential", "module": "keras", "config": {"layers": [dense]}}).encode()


def _hdf5(user_block: int, tail: bytes = b"") -> bytes:
    import io

    import h5py

    config = _keras(
        class_name="Lambda", config={"function": ["4wEAAAA=", None, None], "function_type": "lambda"}
    ).decode()
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", userblock_size=user_block) as file:
        file.attrs["model_config"] = config if not tail else "{}"
        file.attrs["layer_names"] = [b"a"]
    return buffer.getvalue() + tail


def _packed_handler() -> bytes:
    import io
    import tarfile

    buffer = io.BytesIO()
    manifest = json.dumps({"model": {"modelName": "m", "handler": "handler.py", "serializedFile": "m.pt"}}).encode()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in (("MAR-INF/MANIFEST.json", manifest), ("handler.py", HANDLER)):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def _onnx(key: str, value: str) -> bytes:
    from onnx import TensorProto, helper

    tensor = TensorProto(name="w", data_type=1, dims=[2], data_location=TensorProto.EXTERNAL)
    for name, text in (("location", "w.bin"), ("length", "8"), (key, value)):
        if not (name == "location" and key == "location" and text == "w.bin"):
            tensor.external_data.add(key=name, value=text)
    shape = helper.make_tensor_value_info("x", 1, [2])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["x2"])], "g", [shape], [], [tensor])
    return helper.make_model(graph).SerializeToString()


def _trees(child: int = -1, feature: int = 0) -> bytes:
    tree = f"Tree=0\nnum_leaves=2\nnum_cat=0\nsplit_feature={feature}\nleft_child={child}\nright_child=-2\n"
    header = "tree\nversion=v4\nnum_class=1\nmax_feature_idx=2\n"
    return f"{header}\n{tree}\n\nend of trees\n".encode()


def _case(name: str, subject: str, expect: frozenset[str], lesson: str, **files: object) -> Case:
    def build() -> dict[str, bytes]:
        made = {}
        for path, content in files.items():
            made[path.replace("__", ".").replace("DIR", "/")] = content() if callable(content) else content
        return made

    return Case(id=f"red/{name}", build=build, subject=subject, expect=expect, lesson=lesson)  # type: ignore[arg-type]


EVASIONS = (
    _case(
        "gguf-template-in-a-list",
        "m.gguf",
        HARD,
        "a template hides in the list of template names",
        m__gguf=lambda: small(("tokenizer.chat_templates", ARRAY, (STRING, [HONEST["short"], ESCAPE]))).build(),
    ),
    _case(
        "gguf-template-under-another-key",
        "m.gguf",
        HARD,
        "programs render templates from keys of their own",
        m__gguf=lambda: small(("tokenizer.prompt_template", STRING, ESCAPE)).build(),
    ),
    _case(
        "gguf-alignment-text",
        "m.gguf",
        HARD,
        "loaders disagree where the tensors begin",
        m__gguf=lambda: small(("general.alignment", STRING, "32")).build(),
    ),
    _case(
        "ggml-unversioned-payload",
        "ggml-model.bin",
        NOT_CLEAN,
        "a magic that many layouts share is no reason to look no further",
        **{"ggml-model__bin": lambda: ggml_file.unversioned("gpt-2") + b"\x80\x04cos\nsystem\n" + bytes(40)},
    ),
    _case("lightgbm-child", "m.txt", HARD, "indexes that leave the arrays", m__txt=lambda: _trees(child=99_999)),
    _case("lightgbm-feature", "m.txt", HARD, "indexes that leave the arrays", m__txt=lambda: _trees(feature=7)),
    _case("torch7-function", "m.t7", NOT_CLEAN, "Lua byte code", m__t7=lambda: torch7_file.function()),
    _case(
        "torch7-function-renamed",
        "blob",
        NOT_CLEAN,
        "Lua byte code in a table, without a name",
        blob=lambda: torch7_file.table(torch7_file.function(3)),
    ),
    *(
        _case(
            f"hdf5-user-block-{size}",
            "blob",
            HARD,
            "the superblock stands behind a long user block",
            blob=lambda size=size: _hdf5(size),
        )
        for size in (4096, 65536)
    ),
    _case(
        "hdf5-tail",
        "m.h5",
        HARD,
        "bytes behind the end of the file",
        m__h5=lambda: _hdf5(0, b"\x80\x04cos\nsystem\n."),
    ),
    _case(
        "keras-json-lambda",
        "model.json",
        HARD,
        "model_from_json runs what the architecture names",
        model__json=lambda: _keras(
            class_name="Lambda", config={"function": ["4wEAAAA=", None, None], "function_type": "lambda"}
        ),
    ),
    _case(
        "keras-vocabulary-address",
        "model.json",
        HARD,
        "CVE-2025-12058: an address of a file",
        model__json=lambda: _keras(class_name="StringLookup", config={"vocabulary": "file:///etc/passwd"}),
    ),
    *(
        _case(
            f"onnx-location-{name}",
            "m.onnx",
            HARD,
            "an address as the place of a tensor",
            m__onnx=lambda target=target: _onnx("location", target),
            w__bin=bytes(8),
        )
        for name, target in (("http", "http://host.example/w"), ("file", "file:///etc/passwd"))
    ),
    _case(
        "onnx-external-attribute",
        "m.onnx",
        HARD,
        "CVE-2026-34445: entries of external data become attributes",
        m__onnx=lambda: _onnx("__class__", "x"),
        w__bin=bytes(8),
    ),
    _case(
        "mar-packed",
        "m.tgz",
        HARD,
        "TorchServe takes a tar with gzip too",
        m__tgz=_packed_handler,
    ),
    _case(
        "mlflow-loader",
        "code/my_loader.py",
        HARD,
        "loader_module is imported from the folder code",
        MLmodel=LOADER,
        codeDIRmy_loader__py=HANDLER,
    ),
    _case(
        "mlflow-model-from-code",
        "agent.py",
        HARD,
        "model_code_path is run",
        MLmodel=FROM_CODE,
        agent__py=HANDLER,
    ),
)

BENIGN = (
    *(
        _case(f"ggml-{name}", "m.bin", CLEAN, "", m__bin=lambda name=name: ggml_file.unversioned(name))
        for name in ("whisper", "gpt-2", "gpt-j", "llama")
    ),
    _case("torch7-network", "m.t7", CLEAN, "", m__t7=lambda: torch7_file.module(torch7_file.tensor(3))),
    _case("lightgbm", "m.txt", CLEAN, "", m__txt=_trees),
    _case("log-that-begins-with-tree", "build.log", UNLISTED, "", build__log=b"tree\nversion=1\n"),
    _case("keras-json", "model.json", UNLISTED, "", model__json=_keras),
    _case("zeros", "disk.img", UNLISTED, "", disk__img=bytes(20_000)),
    _case("numbers", "table.dat", UNLISTED, "", table__dat=struct.pack("<40i", 3, 1, 5, *range(37))),
)
