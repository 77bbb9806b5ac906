"""The server's own log: one line for each event, as text for people or JSON for programs.

Nothing of a request's body, query or headers is logged; what remains of a client in a line is made visible, so that it
cannot start a line of its own.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from weighbridge.report.escape import visible

_LONGEST, _LONGEST_TRACE = 300, 4000


class Log:
    """Writes events.

    Args:
        write: takes one whole line with its end. Called from any thread.
        style: `text` or `json`.
        clock: milliseconds since 1970, UTC.
    """

    def __init__(self, write: Callable[[str], None], style: str, clock: Callable[[], int]) -> None:
        self._write = write
        self._json = style == "json"
        self._clock = clock

    def event(self, level: str, event: str, **fields: str | float | None) -> None:
        """Write one event.

        Args:
            level: `info`, `warning` or `error`.
            event: what happened, always in the same words.
            fields: what belongs to it; None is left out.
        """
        told = {
            name: visible(value, _LONGEST_TRACE if name == "trace" else _LONGEST) if isinstance(value, str) else value
            for name, value in fields.items()
            if value is not None
        }
        at = datetime.fromtimestamp(self._clock() / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._json:
            line = msgspec.json.encode({"at": at, "level": level, "event": event} | told).decode()
        else:
            line = " ".join([at, f"{level:<7}", event, *(f"{name}={_plain(value)}" for name, value in told.items())])
        self._write(line + "\n")


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return f'"{value}"' if " " in value or not value else value
    return f"{value:.3f}" if isinstance(value, float) else str(value)
