"""One door each: files through `host`, the screen through `cli/screen.py`."""

import ast
from functools import cache

from tests.house.files import relative, source_files

MAY_OPEN = ("src/weighbridge/host/",)
MAY_WRITE_TO_STREAMS = ("src/weighbridge/cli/screen.py", "src/weighbridge/host/")
FILE_METHODS = {"read_bytes", "read_text", "write_bytes", "write_text"}
PACKAGE_DATA = ("src/weighbridge/pipeline/policies.py",)
"""Reads files of our own installation through `importlib.resources`."""


@cache
def _calls(path) -> list[tuple[int, str]]:
    nodes = ast.walk(ast.parse(path.read_bytes()))
    return [(node.lineno, ast.unparse(node.func)) for node in nodes if isinstance(node, ast.Call)]


def test_files_are_opened_in_host_only() -> None:
    found = []
    for path in source_files():
        name = relative(path)
        if name.startswith(MAY_OPEN) or name == "src/weighbridge/cli/screen.py":
            continue
        for line, called in _calls(path):
            method = called.rpartition(".")[2]
            own_data = name in PACKAGE_DATA or called.startswith(("files(", "(files("))
            if called in ("open", "io.open", "os.open") or (method in FILE_METHODS and not own_data):
                found.append(f"{name}:{line} {called}")
    assert found == []


def test_streams_are_written_on_the_screen_only() -> None:
    found = []
    for path in source_files():
        name = relative(path)
        if name.startswith(MAY_WRITE_TO_STREAMS) or name.endswith("_child.py"):
            continue
        for line, called in _calls(path):
            if called == "print" or called.startswith(("sys.stdout.write", "sys.stderr.write")):
                found.append(f"{name}:{line} {called}")
    assert found == []


def test_nothing_is_evaluated_or_imported_by_a_name_from_outside() -> None:
    found = []
    for path in source_files():
        for line, called in _calls(path):
            if called in ("eval", "exec", "compile", "__import__"):
                found.append(f"{relative(path)}:{line} {called}")
    assert found == []
