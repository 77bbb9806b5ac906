"""Starting is cheap: counts of loaded modules block, milliseconds are only reported elsewhere."""

import json
import subprocess
import sys

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


def _loaded(*arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", COUNT.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=True,
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
