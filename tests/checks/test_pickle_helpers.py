"""Rules for helpers: each is left alone with what its library writes and refused with what an attacker writes."""

import pytest

from weighbridge.checks.pickle_helpers import LEGACY_STORAGE, changes_module, misuse, reads_elsewhere
from weighbridge.model.pickle_program import Kind, Operand, PickleCall, PickleState

DILL = "dill._dill"
CLOUDPICKLE = "cloudpickle.cloudpickle"


def _text(value: str) -> Operand:
    return Operand(Kind.STR, value)


def _result(module: str, name: str) -> Operand:
    return Operand(Kind.RESULT, None, module, name)


def _import(module: str, name: str) -> Operand:
    return Operand(Kind.IMPORT, None, module, name)


def _misuse(module: str, name: str, *operands: Operand) -> str | None:
    return misuse(PickleCall(callee=_import(module, name), how="call", operands=Operand(Kind.TUPLE, items=operands)))


@pytest.mark.parametrize(
    ("module", "name", "operand"),
    [
        (DILL, "_import_module", _text("numpy.linalg")),
        (DILL, "_import_module", _text("os.path")),
        (CLOUDPICKLE, "subimport", _text("os")),
        (CLOUDPICKLE, "_class_setstate", _result(CLOUDPICKLE, "_make_skeleton_class")),
        (DILL, "_create_type", _result(DILL, "_load_type")),
        (DILL, "_setitems", Operand(Kind.DICT)),
        ("torch.storage", "_load_from_bytes", Operand(Kind.BYTES, LEGACY_STORAGE)),
        ("numpy._core.multiarray", "_reconstruct", _import("numpy", "memmap")),
        ("collections", "OrderedDict", Operand(Kind.LIST)),
    ],
)
def test_what_libraries_write_is_left_alone(module: str, name: str, operand: Operand) -> None:
    assert _misuse(module, name, operand) is None


@pytest.mark.parametrize(
    ("module", "name", "operand"),
    [
        (DILL, "_eval_repr", _text("1")),
        (DILL, "_import_module", _text("os.system")),
        (DILL, "_import_module", Operand(Kind.OPAQUE)),
        (CLOUDPICKLE, "subimport", _text("antigravity")),
        (CLOUDPICKLE, "subimport", _text("pip.__main__")),
        (CLOUDPICKLE, "_class_setstate", _import("collections", "Counter")),
        (CLOUDPICKLE, "_make_skeleton_class", _result(CLOUDPICKLE, "_make_function")),
        (DILL, "_create_type", _result(DILL, "_get_attr")),
        (DILL, "_setitems", _result(DILL, "_import_module")),
        ("torch.storage", "_load_from_bytes", Operand(Kind.BYTES, "\x80\x04\x8c\x05posix")),
        ("torch.storage", "_load_from_bytes", _result("builtins", "bytes")),
        ("numpy", "memmap", _text("x")),
        ("pandas.core.indexes.base", "_new_Index", _import("numpy", "memmap")),
    ],
)
def test_what_turns_them_against_the_loader_is_refused(module: str, name: str, operand: Operand) -> None:
    assert _misuse(module, name, operand)


def test_a_module_from_a_helper_may_not_be_changed() -> None:
    assert changes_module(_result(DILL, "_import_module"))
    assert not changes_module(_result(CLOUDPICKLE, "_make_skeleton_class"))


def _wrapper_state(filename: Operand, *, slots: bool = False, complete: bool = True) -> PickleState:
    items = (_text("filename"), filename)
    return PickleState(
        target=_result("joblib.numpy_pickle_compat", "NDArrayWrapper"),
        state=Operand(Kind.DICT, items=items, complete=complete),
        slots=slots,
    )


def test_an_array_beside_the_pickle_is_left_alone() -> None:
    assert not reads_elsewhere(_wrapper_state(_text("model.pkl_01.npy")))
    assert not reads_elsewhere(PickleState(target=_result("library", "Net"), state=Operand(Kind.OPAQUE)))


def test_an_array_anywhere_else_is_refused() -> None:
    for name in ("../x", "/x", "a\\b", "C:x", ""):
        assert reads_elsewhere(_wrapper_state(_text(name)))
    assert reads_elsewhere(_wrapper_state(Operand(Kind.OPAQUE)))
    assert reads_elsewhere(_wrapper_state(_text("x.npy"), slots=True))
    assert reads_elsewhere(_wrapper_state(_text("x.npy"), complete=False))


def test_a_function_that_stands_for_a_metaclass_is_refused() -> None:
    assert _misuse(DILL, "_create_type", _import("numpy", "load"), _text("x.npy"))
    assert _misuse(DILL, "_create_type", _import("project.meta", "Meta"), _text("Net")) is None
