"""Helpers of pickling libraries that call, import or change what they are given: rules for their operands.

dill, cloudpickle and PyTorch rebuild functions, classes and storages with small functions of their own. What they do
with honest operands is harmless; with others they evaluate text, start a second unpickler, call a function that the
pickle carries, or put it where the next innocent name finds it.

Sources: dill 0.4 `dill/_dill.py`; cloudpickle 3.1 `cloudpickle/cloudpickle.py`; PyTorch `torch/storage.py`
(`_load_from_bytes` is `torch.load` without `weights_only`, and `StorageBase.__reduce__` always gives it the first
format); numpy `_core/memmap.py` (making one opens or creates the file that it is given); joblib
`numpy_pickle_compat.py` (BUILD of a wrapper makes its unpickler load the file that the state names, `allow_pickle` on).
"""

from weighbridge.checks.pickle_tiers import Tier, is_class_name, makes_code, tables, tier
from weighbridge.model.pickle_program import Kind, Operand, PickleCall, PickleState

LEGACY_STORAGE = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j".decode("latin-1")
"""How what PyTorch gives to `_load_from_bytes` begins: protocol, and the magic number of its first format."""
_EVALUATE = frozenset({("dill._dill", "_eval_repr"), ("dill._dill", "_create_filehandle")})
_SETTERS = frozenset({"_class_setstate", "_function_setstate", "_fill_function", "_rehydrate_skeleton_class"})
_IMPORTERS = frozenset({"subimport", "_import_module"})
_MAKERS_OF_TYPES = frozenset({"_create_type", "_create_ftype", "_make_skeleton_class"})
_RUN_ON_IMPORT = frozenset(
    {"antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3", "__phello__", "ensurepip", "venv", "pip"}
)
_FILES = frozenset({("numpy", "memmap"), ("numpy.core.memmap", "memmap"), ("numpy._core.memmap", "memmap")})
_WRAPPERS = frozenset({"NDArrayWrapper", "ZNDArrayWrapper"})
_WRAPPERS_MODULE = "joblib.numpy_pickle_compat"


def misuse(call: PickleCall) -> str | None:
    """Return what is wrong with the operands of a helper, as the end of "Loading it ...", or None."""
    module, name = call.callee.module, call.callee.name
    operands = call.operands.items
    first = operands[0] if operands else Operand(Kind.OPAQUE)
    if (module, name) in _FILES:
        return f"makes a {module}.{name}, which opens or creates a file"
    if any(item.kind is Kind.IMPORT and (item.module, item.name) in _FILES for item in operands):
        return None if name == "_reconstruct" else f"has {module}.{name} make an array over a file"
    if (module, name) == ("torch.storage", "_load_from_bytes"):
        return None if len(operands) == 1 and _is_storage(first) else "has a second pickle loaded that is not a storage"
    if module == _WRAPPERS_MODULE and name in _WRAPPERS and operands:
        return f"makes a {name} in a way that joblib does not"
    if tier(module, name) is not Tier.CODE:
        return None
    if (module, name) in _EVALUATE:
        return f"has {module}.{name} evaluate text or open a file"
    if name in _IMPORTERS and not _imports_quietly(first):
        return f"has {module}.{name} import what is not a plain module"
    if name in _SETTERS and not (first.kind is Kind.RESULT and makes_code(first.module, first.name)):
        return f"has {module}.{name} change {first.module or 'something'}.{first.name}, which the file did not make"
    if name in _MAKERS_OF_TYPES and not _is_type(first):
        return f"has {module}.{name} call what is no class"
    if name == "_setitems" and first.kind is not Kind.DICT and not makes_code(first.module, first.name):
        return f"has {module}.{name} change what the file did not make"
    return None


def changes_module(target: Operand) -> bool:
    """Tell whether `target` came from a helper that returns something existing: a module, or an attribute of one."""
    return target.kind is Kind.RESULT and (
        target.name.removesuffix("()") in ("_get_attr", "_getattribute", "_eval_repr", "dynamic_subimport")
        or target.name.removesuffix("()") in _IMPORTERS
    )


def reads_elsewhere(state: PickleState) -> bool:
    """Tell whether the state of an array wrapper of joblib names another file than one in the same folder."""
    if state.target.module != _WRAPPERS_MODULE or state.target.name.removesuffix("()") not in _WRAPPERS:
        return False
    entries = state.state
    if entries.kind is not Kind.DICT or not entries.complete or state.slots:
        return True
    names = [
        content
        for key, content in zip(entries.items[::2], entries.items[1::2], strict=False)
        if key.kind is not Kind.STR or key.value == "filename"
    ]
    return not names or any(content.kind is not Kind.STR or not _is_beside(str(content.value)) for content in names)


def _is_beside(name: str) -> bool:
    return len(name) < 200 and not any(letter in name for letter in "/\\:\0") and name not in ("", ".", "..")


def _is_storage(operand: Operand) -> bool:
    if operand.kind is Kind.BYTES:
        return isinstance(operand.value, str) and operand.value.startswith(LEGACY_STORAGE)
    if operand.kind is Kind.RESULT and (operand.module, operand.name) == ("_codecs", "encode") and operand.items:
        text = operand.items[0].items[:1]
        return bool(text) and text[0].kind is Kind.STR and str(text[0].value).startswith(LEGACY_STORAGE)
    return False


def _imports_quietly(operand: Operand) -> bool:
    if operand.kind is not Kind.STR:
        return False
    parts = str(operand.value).split(".")
    if parts[0] in _RUN_ON_IMPORT or any(part.startswith("__") for part in parts):
        return False
    if len(parts) > 1 and parts[0] in tables().standard_library:
        return str(operand.value) in tables().standard_library or parts[-1] in _SUBMODULES or parts[-1][:1].isupper()
    return all(part.isidentifier() for part in parts)


_SUBMODULES = frozenset({"path", "abc", "futures", "parse", "etree", "ElementTree", "handlers", "reader", "machinery"})


def _is_type(operand: Operand) -> bool:
    if operand.kind is Kind.IMPORT:
        # A function under this name would be called with operands of the file's choice; classes are judged as imports.
        return is_class_name(operand.name) or operand.module == "builtins"
    return operand.kind is Kind.RESULT and operand.name in (
        "_load_type", "_builtin_type", "_make_skeleton_class", "_create_type", "_make_skeleton_enum"
    )  # fmt: skip
