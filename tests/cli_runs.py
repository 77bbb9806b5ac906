"""Run one command line in this process."""

import io

from weighbridge.cli.boundary import run
from weighbridge.cli.screen import Screen


def wb(*arguments: str) -> tuple[int, str, str]:
    """Return exit code, stdout and stderr of `wb ARGUMENTS`."""
    out, err = io.StringIO(), io.StringIO()
    code = run(list(arguments), Screen(out, err, {}))
    assert "Traceback" not in err.getvalue()
    return code, out.getvalue(), err.getvalue()
