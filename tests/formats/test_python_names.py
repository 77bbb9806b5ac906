import ast

import pytest

from weighbridge.formats.python_names import COMPUTED, Names


def resolve(source: str, *before: str) -> tuple[Names, ast.expr]:
    names = Names()
    for line in before:
        names.learn(ast.parse(line).body[0])
    return names, ast.parse(source, mode="eval").body


@pytest.mark.parametrize(
    ("before", "source", "dotted"),
    [
        ("import os", "os.system", "os.system"),
        ("import os.path as p", "p.join", "os.path.join"),
        ("from os import system as s", "s", "os.system"),
        ("from .a import b", "b.c", ".a.b.c"),
        ("from . import b", "b", ".b"),
        ("f = os.system", "f", "os.system"),
        ("import os", "getattr(os, 'sys' + 'tem')", "os.system"),
        ("import os", "getattr(os, x)", f"os.{COMPUTED}"),
        ("import os", "vars(os)['system']", "os.system"),
        ("import os", "os.__dict__['system']", "os.system"),
        ("import sys", "sys.modules['os'].system", "os.system"),
        ("import x", "__import__('os').system", "os.system"),
        ("import x", "__import__(x).system", f"{COMPUTED}.system"),
        ("import x", "globals()['eval']", "eval"),
        ("import requests", "requests.get(u).json", "requests.get().json"),
    ],
)
def test_dotted_names(before, source, dotted):
    names, node = resolve(source, before)

    assert names.dotted(node) == dotted


def test_a_name_that_is_bound_twice_has_both_meanings():
    names, node = resolve("x.system", "import math as x", "import os as x")

    assert names.meanings(node) == ["math.system", "os.system"]


def test_a_star_import_may_give_any_name():
    names, node = resolve("system", "from os import *")

    assert names.meanings(node) == ["system", "os.system"]


def test_a_long_chain_ends():
    names, node = resolve("a" + ".b" * 500)

    assert names.dotted(node)
