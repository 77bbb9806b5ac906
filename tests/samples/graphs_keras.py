"""Keras in both containers: embedded code, injected modules, paths, links, nesting, disguises."""

import base64
import io
import json
import marshal
import warnings
import zipfile
from typing import Any

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.graphs_build import hdf5, keras_h5, keras_v3, layer, marshalled, sequential

REVIEW = frozenset({"review"})
CLEAN = frozenset({"clean"})
_DENSE = layer("Dense", {"units": 3, "activation": "relu"})


def _lambda_v3() -> dict[str, Any]:
    code = {"class_name": "__lambda__", "config": {"code": marshalled(), "defaults": None, "closure": None}}
    return layer("Lambda", {"function": code})


def _lambda_old() -> dict[str, Any]:
    return layer("Lambda", {"function_type": "lambda", "function": [marshalled(), None, None]}, module=None)


def _function(module: str, name: str, registered: str | None = None) -> dict[str, Any]:
    return {"module": module, "class_name": "function", "config": name, "registered_name": registered or name}


def _with(value: Any) -> dict[str, Any]:
    return sequential(_DENSE, layer("Dense", {"units": 1, "kernel_initializer": value}))


def _nested(inner: Any, depth: int) -> dict[str, Any]:
    model = sequential(inner)
    for _ in range(depth):
        model = {"module": "keras", "class_name": "Functional", "config": {"name": "f", "layers": [model]}}
    return model


def _v3(
    name: str, config: Any, expect: frozenset[str] = HARD, file: str = "model.keras", lesson: str = "", **members: bytes
) -> Case:
    return Case(
        id=f"graphs-keras/v3-{name}",
        build=lambda: {file: keras_v3(config() if callable(config) else config, **members)},
        subject=file,
        expect=expect,
        lesson=lesson,
    )


def _h5(
    name: str, config: Any, expect: frozenset[str] = HARD, file: str = "model.h5", more: Any = None, **options: Any
) -> Case:
    return Case(
        id=f"graphs-keras/h5-{name}",
        build=lambda: {file: keras_h5(config() if callable(config) else config, more, **options)},
        subject=file,
        expect=expect,
    )


def _link(target: str) -> Any:
    def more(file: Any) -> None:
        import h5py

        file["model_weights/stolen"] = h5py.ExternalLink(target, "/x")

    return more


def _external_storage(target: str) -> Any:
    def more(file: Any) -> None:
        file.create_dataset("model_weights/secret", (64,), "u1", external=[(target, 0, 64)])

    return more


def _virtual(file: Any) -> None:
    import h5py

    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "x", (4,))
    file.create_virtual_dataset("model_weights/v", layout)


def _training(file: Any) -> None:
    file.attrs["training_config"] = json.dumps({"loss": _function("os", "system"), "metrics": []})


def _duplicate_config() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(sequential(_lambda_v3())))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr("config.json", json.dumps(sequential(_DENSE)))
    return stream.getvalue()


def _many(file: Any) -> None:
    for index in range(40):
        file.attrs[f"note{index}"] = "x" * 500


_GET_FILE = _function("keras.utils", "get_file")
_CONFIG = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": [_DENSE]}}

EVASIONS = (
    _v3("lambda", lambda: sequential(_lambda_v3()), lesson="CVE-2024-3660"),
    _v3("lambda-nested", lambda: _nested(_lambda_v3(), 6)),
    _v3("lambda-in-wrapper", lambda: sequential(layer("TimeDistributed", {"layer": _lambda_v3()}))),
    _v3(
        "lambda-in-compile-config", lambda: {**_CONFIG, "compile_config": {"loss": _lambda_v3()["config"]["function"]}}
    ),
    _v3("lambda-renamed", lambda: sequential(_lambda_v3()), file="model.bin"),
    _v3("lambda-no-suffix", lambda: sequential(_lambda_v3()), file="weights"),
    _v3("module-os", _with(_function("os", "system")), lesson="CVE-2025-1550"),
    _v3("module-subprocess", _with({"module": "subprocess", "class_name": "Popen", "config": {"args": "id"}})),
    _v3("module-builtins-eval", _with(_function("builtins", "eval"))),
    _v3("module-get-file", _with(_GET_FILE), lesson="CVE-2025-8747, CVE-2025-12060"),
    _v3("module-load-model", _with(_function("keras.models", "load_model"))),
    _v3(
        "module-unsafe-switch",
        _with(_function("keras.config", "enable_unsafe_deserialization")),
        lesson="CVE-2025-9906",
    ),
    _v3("module-in-build-config", {**_CONFIG, "build_config": {"x": _function("shutil", "rmtree")}}),
    _v3("module-in-compile-config", {**_CONFIG, "compile_config": {"optimizer": _function("os", "system")}}),
    _v3("module-in-config-root", {"module": "pydoc", "class_name": "pipepager", "config": {}}),
    _v3("module-numpy-function", _with(_function("numpy", "load"))),
    _v3("module-dunder", _with(_function("keras.src.backend", "__builtins__"))),
    _v3("module-private", _with(_function("keras.src.utils.file_utils", "extract_archive"))),
    _v3(
        "custom-class",
        sequential(layer("MyLayer", module="my_package.layers", registered_name="my_package>MyLayer")),
        REVIEW,
    ),
    _v3("registered-name-only", sequential(layer("Dense", registered_name="evil>Dense")), REVIEW),
    _v3("unknown-keras-class", sequential(layer("BackdoorLayer")), REVIEW),
    _v3("saved-model-layer", sequential(layer("TFSMLayer", {"filepath": "/tmp/evil"})), NOT_CLEAN),
    _v3(
        "torch-module",
        sequential(layer("TorchModuleWrapper", {"module": "gASVIAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu"})),
        NOT_CLEAN,
        lesson="CVE-2025-49655",
    ),
    _v3(
        "vocabulary-absolute", sequential(layer("StringLookup", {"vocabulary": "/etc/passwd"})), lesson="CVE-2025-12058"
    ),
    _v3(
        "vocabulary-url",
        sequential(layer("TextVectorization", {"vocabulary": "http://169.254.169.254/latest"})),
        NOT_CLEAN,
    ),
    _v3("vocabulary-parent", sequential(layer("IntegerLookup", {"vocabulary": "../../secret"}))),
    _v3(
        "duplicate-keys",
        '{"module":"keras","class_name":"Sequential","config":{"layers":[{"module":"os","class_name":"function","config":"system","module":"keras"}]}}',
    ),
    _v3("not-json", "{"),
    Case(
        id="graphs-keras/v3-duplicate-config",
        build=lambda: {"m.keras": _duplicate_config()},
        subject="m.keras",
        expect=HARD,
    ),
    _h5("lambda", lambda: sequential(_lambda_old())),
    _h5("lambda-new-layout", lambda: sequential(_lambda_old()), libver="latest"),
    _h5("lambda-dense-attributes", lambda: sequential(_lambda_old()), libver="latest", more=_many),
    _h5("lambda-user-block", lambda: sequential(_lambda_old()), userblock_size=512),
    _h5("lambda-large-user-block", lambda: sequential(_lambda_old()), userblock_size=1 << 16),
    _h5("lambda-renamed", lambda: sequential(_lambda_old()), file="data.dat"),
    _h5("lambda-many-layers", lambda: sequential(*[_DENSE] * 900, _lambda_old())),
    _h5(
        "lambda-output-shape",
        lambda: sequential(
            layer(
                "Lambda",
                {
                    "function": "relu",
                    "function_type": "function",
                    "output_shape": [marshalled(), None, None],
                    "output_shape_type": "lambda",
                },
                module=None,
            )
        ),
    ),
    _h5(
        "lambda-named-function",
        sequential(layer("Lambda", {"function_type": "function", "function": "system", "module": "os"}, module=None)),
    ),
    _h5("lambda-as-keras-suffix", lambda: sequential(_lambda_old()), file="model.keras"),
    _h5("training-config", sequential(_DENSE), more=_training),
    _h5("module-os", _with(_function("os", "system"))),
    _h5("external-link-absolute", sequential(_DENSE), more=_link("/etc/other.h5")),
    _h5("external-link-beside", sequential(_DENSE), more=_link("other.h5")),
    _h5("external-link-new-layout", sequential(_DENSE), more=_link("/etc/other.h5"), libver="latest"),
    _h5("external-storage", sequential(_DENSE), more=_external_storage("/etc/passwd")),
    _h5("external-storage-beside", sequential(_DENSE), more=_external_storage("secret.bin")),
    _h5("virtual-dataset", sequential(_DENSE), more=_virtual, libver="latest"),
    _h5("custom-class", sequential(layer("MyLayer", module=None)), REVIEW),
    Case(
        id="graphs-keras/h5-truncated",
        build=lambda: {"m.h5": keras_h5(sequential(_DENSE))[:-700]},
        subject="m.h5",
        expect=frozenset({"incomplete", "hostile"}),
    ),
    Case(
        id="graphs-keras/v3-weights-link",
        build=lambda: {"m.keras": _replaced_weights()},
        subject="m.keras",
        expect=HARD,
        lesson="CVE-2026-1669",
    ),
)


def _replaced_weights() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(_CONFIG))
        archive.writestr("model.weights.h5", keras_h5("{}", _external_storage("/etc/passwd")))
    return stream.getvalue()


def _science(file: Any) -> None:
    import numpy

    file.attrs["experiment"] = "beam 7"
    file.create_dataset("temperature", data=numpy.zeros((30, 3)))


def _arithmetic() -> dict[str, Any]:
    code = marshal.dumps((lambda x: x * 2).__code__)
    return sequential(_DENSE, layer("Lambda", {"function": [base64.b64encode(code).decode(), None, None]}, module=None))


BENIGN = (
    _h5("benign-arithmetic-lambda", _arithmetic, CLEAN | REVIEW),
    _v3("benign", _CONFIG, CLEAN),
    _v3("benign-nested", _nested(_DENSE, 4), CLEAN),
    _v3("benign-vocabulary", sequential(layer("StringLookup", {"vocabulary": ["a", "b"]})), CLEAN),
    _h5("benign", sequential(layer("Dense", {"units": 3}, module=None)), CLEAN),
    _h5("benign-new-layout", sequential(_DENSE), CLEAN, libver="latest"),
    Case(
        id="graphs-keras/h5-benign-science",
        build=lambda: {"run7.h5": hdf5(_science)},
        subject="run7.h5",
        expect=frozenset({"not-a-model", "clean"}),
    ),
)
