"""Each source file has its test file at the same place; a part (`gguf_header`) may share that of its whole (`gguf`).

The list of exceptions in pyproject.toml only shrinks.
"""

import tomllib

from tests.conftest import LONGEST
from tests.house.files import ROOT, SOURCE, source_files

HOUSE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["weighbridge"]["house"]


def _families(stem: str) -> list[str]:
    """Return the names whose test covers a file: `gguf_header` is a part of `gguf`."""
    words = stem.split("_")
    return ["_".join(words[:count]) for count in range(len(words), 0, -1)]


def test_each_source_file_has_its_test_file() -> None:
    without = []
    for path in source_files():
        inside = path.relative_to(SOURCE)
        if inside.name in ("__init__.py", "__main__.py") or inside.parent.name == "migrations":
            continue  # every migration is tried both ways by tests/fleet/test_migrate.py
        if not any((ROOT / "tests" / inside.parent / f"test_{name}.py").exists() for name in _families(inside.stem)):
            without.append(inside.as_posix())
    exceptions = HOUSE["tested-elsewhere"]
    assert sorted(set(without) - set(exceptions)) == [], "write the test file"
    assert sorted(set(exceptions) - set(without)) == [], "take it off the list: it has its test file now, or is gone"


def test_files_that_start_first_are_there() -> None:
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []
