"""Tiers by exact name."""

import pickle
import sys

import pytest
from tests.samples.pickle_benign import DATA

from weighbridge.checks.pickle_tiers import Tier, is_class_name, is_rebuilder_name, makes_code, role, tables, tier
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.pickle_program import PickleImport
from weighbridge.model.source import BytesSource


def test_every_tier() -> None:
    assert tier("torch._utils", "_rebuild_tensor_v2") is Tier.DATA
    assert tier("sklearn.pipeline", "Pipeline") is Tier.FRAMEWORK
    assert tier("functools", "partial") is Tier.ACCEPTED
    assert tier("dill._dill", "_create_code") is Tier.CODE
    assert tier("project", "Net") is Tier.UNKNOWN
    assert tier("os", "system") is Tier.FORBIDDEN


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("torch", "serialization.os"),
        ("project", "__init__"),
        ("project.__dict__", "x"),
        ("", "x"),
        ("x", ""),
        ("a b", "c"),
        ("numpy.f2py.capi_maps", "X"),
        ("numpy", "f2py"),
        ("pip._internal", "Main"),
        ("collections", "namedtuple"),
    ],
)
def test_forbidden(module: str, name: str) -> None:
    assert tier(module, name) is Tier.FORBIDDEN


def test_every_module_of_this_python_is_known() -> None:
    assert {name for name in sys.stdlib_module_names if name not in tables().standard_library} == set()


def test_torch_list_is_whole() -> None:
    known = tables().roles
    assert len([name for name in known if name[0].startswith("torch")]) >= 139
    assert role("_codecs", "encode") == "encode"
    assert role("os", "system") == ""


def test_names() -> None:
    assert is_class_name("_Net")
    assert not is_class_name("net")
    assert is_rebuilder_name("__pyx_unpickle_Tree")
    assert is_rebuilder_name("_reconstruct")
    assert not is_rebuilder_name("run")
    assert makes_code("dill._dill", "_create_code")


@pytest.mark.parametrize("protocol", range(6))
def test_what_the_standard_library_pickles_is_data(protocol: int) -> None:
    for identity, data in DATA.items():
        notes = read(BytesSource(pickle.dumps(data, protocol)), Budget()).observations
        for note in notes:
            if isinstance(note, PickleImport):
                assert tier(note.module, note.name) is Tier.DATA, (identity, note)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("pandas.core.indexes.base", "_new_Index"),
        ("pandas.core.indexes.datetimes", "_new_DatetimeIndex"),
        ("pyarrow.lib", "type_for_alias"),
        ("builtins", "hash"),
        ("builtins", "ValueError"),
        ("shapely.io", "from_wkb"),
    ],
)
def test_what_popular_libraries_write_is_more_than_data_and_no_more(module: str, name: str) -> None:
    assert tier(module, name) is Tier.ACCEPTED


def test_classes_of_a_torchscript_archive_are_nobodys() -> None:
    assert tier("__torch__", "Net") is Tier.UNKNOWN
    assert tier("__torch__.net", "Net") is Tier.UNKNOWN
    assert tier("__torchy__", "Net") is Tier.FORBIDDEN
