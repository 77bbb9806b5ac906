"""What can be seen of every process, asked once: the parts of `wb ps` that follow all look at this.

A process that did nothing since the last look is not asked again: whoever maps or opens a file spends processor time or
changes size.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TypeVar

from weighbridge.host.live import Live, MappedFile, OpenHandle, ProcessEntry
from weighbridge.model.record import draft

Answer = TypeVar("Answer")
NEEDS = {
    "command line": "root",
    "program": "CAP_SYS_PTRACE or root",
    "working folder": "CAP_SYS_PTRACE or root",
    "mapped files": "CAP_PERFMON, CAP_SYS_PTRACE or root",
    "open files": "CAP_SYS_PTRACE with CAP_DAC_READ_SEARCH, or root",
    "bytes read": "CAP_SYS_PTRACE with CAP_DAC_READ_SEARCH, or root",
    "container": "root",
    "environment": "CAP_SYS_PTRACE with CAP_DAC_READ_SEARCH, or root",
    "content of mapped files": "CAP_CHECKPOINT_RESTORE or root",
    "bytes as they were loaded": "a look before their file changed",
    "content of open files": "CAP_SYS_PTRACE with CAP_DAC_READ_SEARCH, or root",
}
"""What another user's process does not tell without more privilege. Source: measured on Linux 6.18; ptrace(2),
"Ptrace access mode checking"; perf_event_open(2) on CAP_PERFMON; proc_pid_map_files(5)."""


@draft
class ProcessView:
    """One process. What was not visible is empty, and `not_visible` says so."""

    entry: ProcessEntry
    command_line: tuple[bytes, ...] = ()
    executable: bytes | None = None
    working_folder: bytes | None = None
    mapped: tuple[MappedFile, ...] = ()
    opened: tuple[OpenHandle, ...] = ()
    not_visible: dict[str, str] = field(default_factory=dict)
    """What, in the words of `NEEDS`, and why: `needs root`."""

    @property
    def pid(self) -> int:
        """Its id."""
        return self.entry.pid

    def ask(self, what: str, question: Callable[[int], Answer]) -> Answer | None:
        """Return the answer of a question about this process, None if it is not visible. Raises ProcessLookupError."""
        try:
            return question(self.entry.pid)
        except PermissionError:
            self.cannot_see(what)
        except ProcessLookupError:
            raise
        except NotImplementedError:
            self.not_visible[what] = "not told on this platform"
        except (OSError, ValueError):
            pass
        return None

    def cannot_see(self, what: str) -> None:
        """Say that something is not visible, in the words of `NEEDS`."""
        self.not_visible[what] = f"needs {NEEDS[what]}"

    def shortcomings(self) -> tuple[str, ...]:
        """Return what was not visible, each with what would be needed."""
        return tuple(f"{what}: {why}" for what, why in self.not_visible.items())


def look(live: Live, earlier: Mapping[int, ProcessView] | None = None) -> dict[int, ProcessView]:
    """Return every process that does something of its own, by pid; those that ended meanwhile are left out.

    Args:
        live: which machine.
        earlier: what an earlier call returned: whoever did nothing since then is taken from there.
    """
    found = {}
    for entry in live.processes():
        if not entry.virtual_bytes:
            continue  # a thread of the kernel, or a process that ended and was not waited for
        before = (earlier or {}).get(entry.pid)
        if before is not None and before.entry == entry:
            found[entry.pid] = before
            continue
        try:
            found[entry.pid] = view(live, entry)
        except ProcessLookupError:
            continue
    return found


def view(live: Live, entry: ProcessEntry) -> ProcessView:
    """Return what can be seen of one process. Raises ProcessLookupError if it ended."""
    seen = ProcessView(entry=entry)
    seen.command_line = seen.ask("command line", live.command_line) or ()
    seen.executable = seen.ask("program", live.executable)
    seen.working_folder = seen.ask("working folder", live.working_folder)
    seen.mapped = tuple(seen.ask("mapped files", live.mapped_files) or ())
    seen.opened = tuple(seen.ask("open files", live.open_files) or ())
    return seen
