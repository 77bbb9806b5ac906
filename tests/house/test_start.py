"""Starting is cheap: counts of loaded modules block, milliseconds are only reported elsewhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COUNT = """
import sys
before = set(sys.modules)
sys.argv = ["wb", *{arguments!r}]
from weighbridge.cli.main import main
import io, contextlib
caught = io.StringIO()
with contextlib.redirect_stdout(caught), contextlib.suppress(SystemExit):
    main()
loaded = sorted(set(sys.modules) - before)
import json
print(json.dumps(loaded))
"""


def _loaded(*arguments: str, state: Path | None = None) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", COUNT.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"WEIGHBRIDGE_STATE": str(state)} if state is not None else None,
    )
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return modules


def test_version_loads_almost_nothing() -> None:
    loaded = _loaded("--version")
    assert len(loaded) <= 40, loaded
    assert not {"click", "rich", "msgspec", "cedarpy", "asyncio"} & set(loaded)


@pytest.mark.parametrize("arguments", [("--help",), ("scan", "--help"), ("up", "--help")])
def test_help_loads_no_reader_no_policy_and_no_table(arguments: tuple[str, ...]) -> None:
    loaded = set(_loaded(*arguments))
    assert not {"rich", "cedarpy", "jinja2", "http.server"} & loaded
    assert "weighbridge.formats.registry" not in loaded


PARSERS = {"yaml", "msgspec", "tomllib", "lz4", "zstandard", "jinja2", "difflib", "pathlib", "tempfile", "subprocess"}
"""What only some files, policy folders and errors need."""
LOOKS = {"rich", "weighbridge.report.html", "weighbridge.report.table", "weighbridge.report.sarif", "cedarpy.pst"}


def _model(folder: Path) -> Path:
    header = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(16))
    return folder


def _scan(folder: Path, state: Path) -> set[str]:
    return set(_loaded("scan", str(folder), "--no-digest", "--format", "json", "--quiet", state=state))


def test_a_scan_of_one_model_loads_no_parser_that_it_does_not_need(tmp_path: Path) -> None:
    loaded = _scan(_model(tmp_path / "models"), tmp_path / "state")
    assert not {*PARSERS, *LOOKS} & loaded
    assert len(loaded) <= 235, len(loaded)


def test_a_rescan_without_changes_loads_no_reader_and_no_check(tmp_path: Path) -> None:
    folder, state = _model(tmp_path / "models"), tmp_path / "state"
    _scan(folder, state)
    loaded = _scan(folder, state)
    assert not {*PARSERS, *LOOKS} & loaded
    assert not {"weighbridge.formats.registry", "weighbridge.checks.registry", "weighbridge.pipeline.inspect"} & loaded
    assert len(loaded) <= 190, len(loaded)
