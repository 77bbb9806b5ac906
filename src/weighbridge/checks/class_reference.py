"""Classes and functions that a configuration names and a loader imports.

What it finds: names in Keras, skops, Hydra / NeMo, MLflow and Transformers configurations that lead to anything but the
framework's own computing classes: functions that run programs, read or fetch files; custom classes; modules of others.

Why it matters: loaders import the named module and call what they find there with arguments from the same file. That
makes a JSON file as powerful as a pickle (CVE-2025-1550, CVE-2025-8747, CVE-2025-9906, CVE-2025-49655).

Example: a layer with `"module": "builtins", "class_name": "function", "config": "eval"`.

What to do: never load a file that names functions of the system. For custom classes, get the code that defines them
from the author, read it, and approve code and model together.

Known misses: what a custom class does once it is imported; framework classes with flaws of their own.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.framework_names import LIBRARIES, OWN, PLAIN_FUNCTIONS
from weighbridge.checks.keras_names import CLASSES, COMPUTING_MODULES, FOREIGN_CODE, FUNCTIONS
from weighbridge.checks.python_names import DATA_CLASSES, STANDARD_LIBRARY
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import ClassReference

_ACTING = "it acts on the machine and computes nothing"
_BUILTINS = frozenset({"builtins", "__builtin__", "__builtins__"})


def judge(reference: ClassReference, subject: Subject) -> Iterator[Finding]:
    """Yield a malicious finding for names that act on the machine, a review for code of others."""
    assessment, reason = _weigh(reference)
    if assessment is Assessment.CLEAN:
        return
    malicious = assessment is Assessment.MALICIOUS
    shown = f"{reference.module}.{reference.name}" if reference.module else reference.name
    yield Finding(
        check=CHECK.id,
        severity=Severity.CRITICAL if malicious else Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"{subject.name} names {shown[:160]}, which a {reference.framework} loader imports: {reason}.",
        remedy=(
            "Do not load this file; report it to where it came from."
            if malicious
            else "Get the code behind this name from the author, read it, and approve it together with the model."
        ),
        implies=assessment,
        evidence=Evidence(offset=reference.offset, member=reference.member, key=reference.key, value=shown[:200]),
        atlas=CHECK.atlas,
    )


def _weigh(reference: ClassReference) -> tuple[Assessment, str]:
    module, name, framework = reference.module.strip(), reference.name.strip(), reference.framework
    root = module.partition(".")[0]
    parts = name.split(".")
    if (
        any(part.startswith("__") and part != "__tuple__" for part in (*parts, *module.split(".")))
        and root != "__main__"
    ):
        return Assessment.MALICIOUS, "a name with double underscores reaches inside Python itself"
    if framework == "keras":
        return _keras(module, root, name)
    if name in DATA_CLASSES.get(module, frozenset()):
        return Assessment.CLEAN, ""
    if root in STANDARD_LIBRARY or (not module and parts[0] in STANDARD_LIBRARY and len(parts) > 1):
        return Assessment.MALICIOUS, _ACTING
    own = any(module == prefix or module.startswith(prefix + ".") for prefix in OWN.get(framework, ()))
    last = parts[-1]
    if own and (_is_class(last) or not last or last in PLAIN_FUNCTIONS.get(framework, frozenset())):
        return Assessment.CLEAN, ""
    if root in LIBRARIES and last and not _is_class(last):
        return Assessment.MALICIOUS, "a function of a library is called with arguments from this file"
    return Assessment.REVIEW, "its code does not come with the framework"


def _keras(module: str, root: str, name: str) -> tuple[Assessment, str]:
    own = not module or root in ("keras", "tf_keras", "keras_core") or module.startswith(OWN["keras"])
    if module in _BUILTINS:
        if name in FUNCTIONS or name in CLASSES:
            return Assessment.CLEAN, ""
        if "." in name or name in _PYTHON_BUILTINS:
            return Assessment.MALICIOUS, _ACTING
        return Assessment.REVIEW, "it is no function of Keras, so the code must come from elsewhere"
    if root in STANDARD_LIBRARY:
        return Assessment.MALICIOUS, _ACTING
    if own:
        return _keras_own(module, name)
    if module.startswith("tensorflow.python.") and name in CLASSES:
        return Assessment.CLEAN, ""
    if root in LIBRARIES and not _is_class(name):
        return Assessment.MALICIOUS, "a function of a library is called with arguments from this file"
    return Assessment.REVIEW, "its code does not come with Keras"


def _keras_own(module: str, name: str) -> tuple[Assessment, str]:
    if name in FOREIGN_CODE:
        return Assessment.REVIEW, "this layer runs code that is not Keras"
    if name in CLASSES or name in FUNCTIONS:
        return Assessment.CLEAN, ""
    if ">" in name or not module or _is_class(name):
        return Assessment.REVIEW, "Keras itself does not define it"
    parts = module.split(".")
    if any(part in COMPUTING_MODULES for part in parts[1:3]) and "." not in name:
        return Assessment.REVIEW, "this Keras function is not known to only compute"
    return Assessment.MALICIOUS, "this function of Keras does not compute: it can load, fetch or write files"


def _is_class(name: str) -> bool:
    return name.lstrip("_")[:1].isupper()


_PYTHON_BUILTINS = frozenset(
    {
        "eval", "exec", "compile", "open", "input", "getattr", "setattr", "delattr", "globals", "locals", "vars",
        "breakpoint", "print", "memoryview", "type", "super", "help", "dir", "exit", "quit", "map", "filter", "iter",
        "next", "callable", "classmethod", "staticmethod", "property", "hasattr", "id", "__import__",
    }
)  # fmt: skip

CHECK = Check(
    id="class-reference",
    title="Code named by a configuration",
    wants=(ClassReference,),
    judge=judge,
    atlas="AML.T0011.000",
)
