"""How much of what runs can be seen with the rights at hand, by trying: no list of rights is believed.

In: the running machine. Out: for each thing that is asked of processes, of how many it was answered.
"""

from collections.abc import Callable
from typing import NamedTuple

from weighbridge.discover.process_view import NEEDS
from weighbridge.host.live import Live

QUESTIONS: dict[str, tuple[str, Callable[[Live, int], object]]] = {
    "weights in memory": ("mapped files", lambda live, pid: live.mapped_files(pid)),
    "files held open": ("open files", lambda live, pid: live.open_files(pid)),
    "programs": ("program", lambda live, pid: live.executable(pid)),
    "marks of agents": ("environment", lambda live, pid: len(live.environment_of(pid))),
}
"""What is tried, by what it is good for: its key in `NEEDS`, and the question. No answer is kept."""


class Sight(NamedTuple):
    """One thing, of how many processes it is seen."""

    what: str
    seen: int
    hidden: int
    needs: str
    """What would show the rest."""


def sight(live: Live) -> list[Sight]:
    """Return what is seen of the processes that run now."""
    pids = [entry.pid for entry in live.processes() if entry.virtual_bytes]
    return [_tried(live, pids, what, need, question) for what, (need, question) in QUESTIONS.items()]


def _tried(live: Live, pids: list[int], what: str, need: str, question: Callable[[Live, int], object]) -> Sight:
    seen = hidden = 0
    for pid in pids:
        try:
            question(live, pid)
        except PermissionError:
            hidden += 1
        except (OSError, ValueError, NotImplementedError):
            continue
        else:
            seen += 1
    return Sight(what, seen, hidden, NEEDS[need])
