"""Ctrl-C as a wish: long work is cut at once, and what makes a correct report of it is finished undisturbed.

    interrupts.install()          # early in the process; from here on the wish waits
    try:
        interrupts.allow()        # raises at once if it was wished before
        ...                       # KeyboardInterrupt may come anywhere in here
        interrupts.hold()
    except KeyboardInterrupt:
        interrupts.hold()

`allow` and `hold` stand inside of the `try`, so that no instant is left in which the exception could escape.
"""

import signal
from types import FrameType


class Interrupts:
    """Whether somebody pressed Ctrl-C, and whether that may stop what runs now.

    Without `install` it changes nothing: Python's own handler raises wherever it strikes.
    """

    __slots__ = ("_allowed", "requested")

    def __init__(self) -> None:
        self.requested = False
        """Whether Ctrl-C was pressed."""
        self._allowed = False

    def install(self) -> None:
        """Take over SIGINT for the rest of the process. Only the main thread may call this."""
        signal.signal(signal.SIGINT, self._note)

    def allow(self) -> None:
        """From here on Ctrl-C raises `KeyboardInterrupt`, at once if it was pressed before."""
        self._allowed = True
        if self.requested:
            self._allowed = False
            raise KeyboardInterrupt

    def hold(self) -> None:
        """From here on the first Ctrl-C is noted; one more ends the process all the same."""
        self._allowed = False

    def forget(self) -> None:
        """Count what was pressed so far as answered."""
        self.requested = False

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        insists = self.requested
        self.requested = True
        if self._allowed or insists:
            self._allowed = False
            raise KeyboardInterrupt
