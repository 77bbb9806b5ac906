"""Entry of the program. `--version` answers before anything else loads; the rest is `group.py` and `boundary.py`."""

import gc
import os
import sys
from typing import NoReturn

from weighbridge import __version__

_OBJECTS_BETWEEN_COLLECTIONS = 20_000


def main() -> NoReturn:
    """Run the command line of this process and exit with a code of `exits.py`."""
    arguments = sys.argv[1:]
    if arguments in (["--version"], ["-V"]):
        from weighbridge.cli.screen import Screen
        from weighbridge.model.errors import WeighbridgeError

        screen = Screen()
        try:
            screen.data(f"weighbridge {__version__}\n")
        except WeighbridgeError as error:
            screen.error(error)
            raise SystemExit(error.exit_code) from None
        raise SystemExit(0)
    from weighbridge.host.interrupt import Interrupts

    # Almost nothing of a run is garbage in circles: looking for it after every 700 objects took a twentieth of a scan.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    interrupts = Interrupts()
    interrupts.install()
    from weighbridge.cli.boundary import run
    from weighbridge.cli.screen import Screen

    code = run(arguments, Screen(interrupts=interrupts))
    if interrupts.requested:
        # An interrupt that passed through an `exec` of text, as data classes are made by, would have CPython end the
        # process by signal although the exception was handled. All output is flushed by now.
        os._exit(code)
    raise SystemExit(code)
