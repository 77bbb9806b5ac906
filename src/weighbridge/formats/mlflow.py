"""MLflow's `MLmodel` file: which flavors a model folder has and which module loads it.

Sources: MLflow documentation, "MLflow Model format"; `mlflow/pyfunc/__init__.py` (`loader_module` is imported and its
`_load_pyfunc` called; `code` is put on the import path first).
"""

from weighbridge.formats.config_targets import observe_targets
from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.references import refer
from weighbridge.formats.yaml_events import LONGEST, YamlScalar
from weighbridge.model.budget import Budget
from weighbridge.model.observation import ClassReference, Unread
from weighbridge.model.source import ByteSource
from weighbridge.model.weights import RemoteCode

_FACTS = {
    ("mlflow_version",): "training.framework_version",
    ("utc_time_created",): "training.date",
    ("model_uuid",): "version",
    ("run_id",): "training.run",
}
_PATHS = frozenset({"model_path", "python_model", "model_data", "data", "pickled_model", "code"})


def could_be(head: bytes) -> bool:
    """Tell whether the key of the flavors occurs in text."""
    return b"flavors:" in head and b"\0" not in head


def _recognize(_source: ByteSource, head: bytes) -> bool:
    """Programs that write such files hold the same text between other bytes."""
    return (head.startswith(b"flavors:") or b"\nflavors:" in head) and b"\0" not in head


def _read(source: ByteSource, _budget: Budget, gathering: Gathering) -> None:
    text = source.read(0, LONGEST + 1)
    if len(text) > LONGEST:
        gathering.observe(Unread(what="MLmodel", reason="longer than any description of a model"))
        return
    for item in observe_targets(text, None, gathering):
        _item(item, gathering)


def _item(item: YamlScalar, gathering: Gathering) -> None:
    path = item.path
    if path in _FACTS:
        gathering.fact(_FACTS[path], item.value, f"MLmodel key {item.key}")
    if len(path) < 3 or path[0] != "flavors" or not item.value or item.value == "null":
        return
    last = path[-1]
    if last == "loader_module":
        gathering.observe(ClassReference(framework="mlflow", module=item.value, name="", key=item.key[:200]))
        if not item.value.startswith("mlflow."):
            steps = item.value.replace(".", "/")[:300]
            for folder in ("code/", ""):
                gathering.fact("code.file", f"{folder}{steps}.py", f"key {item.key[:80]}")
                gathering.fact("code.file", f"{folder}{steps}/__init__.py", f"key {item.key[:80]}")
    elif last == "model_code_path":
        refer(gathering, item.value, item.key[:200], required=False)
        gathering.observe(RemoteCode(framework="mlflow", file=item.value[:300], name="", key=item.key[:200]))
        gathering.fact("code.file", item.value[:300], f"key {item.key[:80]}")
    elif last == "code" and len(path) == 3:
        # The whole folder goes on the import path, in front of everything that is installed.
        refer(gathering, item.value, item.key[:200], required=False)
        gathering.fact("code.file", f"{item.value[:300]}/__init__.py", f"key {item.key[:80]}")
    elif last in _PATHS and len(path) == 3:
        refer(gathering, item.value, item.key[:200], required=False)


READER = Reader(
    id="mlflow",
    title="MLflow model",
    recognize=_recognize,
    read=gathered("mlflow", _read, holds_model=False),
    could_be=could_be,
    needs=b"flavors:",
    names=("MLmodel",),
)
