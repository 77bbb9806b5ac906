"""Configuration files of agents, read once each: bounded, links followed, what cannot be read said.

A person keeps such files behind links (dotfiles under version control), so a link is followed to a plain file; it is
read as configuration and nothing of its text is shown, wherever it leads.
"""

from typing import Any, Literal

from weighbridge.discover.config_text import MOST_BYTES, ConfigText, read_config
from weighbridge.discover.masking import masked_text
from weighbridge.host.machine import Machine
from weighbridge.model.finding import Unexamined
from weighbridge.model.record import record
from weighbridge.model.source import LimitReached


@record
class Loaded:
    """One file."""

    path: bytes
    text: bytes
    value: Any
    mode: int
    """Permission bits; 0 where the platform has none."""


def readable_by(machine: Machine, path: bytes, mode: int) -> Literal["user", "group", "everybody"]:
    """Return who can read a file of this mode, by the folders on the way too. Source: POSIX.1-2024, 4.7."""
    if machine.platform == "windows":
        return "user"
    group, everybody = bool(mode & 0o040), bool(mode & 0o004)
    folder = path.rpartition(b"/")[0]
    while folder and (group or everybody):
        try:
            bits = machine.stat(folder, follow=True).st_mode
        except OSError:
            break
        group, everybody = group and bool(bits & 0o010), everybody and bool(bits & 0o001)
        folder = folder.rpartition(b"/")[0]
    return "everybody" if everybody else "group" if group else "user"


class ConfigFiles:
    """Reads files for all probes of agents.

    Args:
        machine: where.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.unexamined: dict[bytes, Unexamined] = {}
        self._loaded: dict[bytes, Loaded | None] = {}
        self._texts: dict[bytes, tuple[bytes, int] | None] = {}

    def config(self, path: bytes) -> Loaded | None:
        """Return a file and its value; None if it is not there or cannot be read, which is then noted."""
        if path not in self._loaded:
            self._loaded[path] = self._read(path)
        return self._loaded[path]

    def text(self, path: bytes, limit: int = MOST_BYTES) -> tuple[bytes, int] | None:
        """Return the bytes and permission bits of a plain file; None as above."""
        if path not in self._texts:
            self._texts[path] = self._text(path, limit)
        return self._texts[path]

    def note(self, path: bytes, reason: str) -> None:
        """Note that something could not be read."""
        self.unexamined.setdefault(path, Unexamined(path=path, reason=reason))

    def _read(self, path: bytes) -> Loaded | None:
        found = self.text(path)
        if found is None:
            return None
        text, mode = found
        name = path.replace(b"\\", b"/").rpartition(b"/")[2]
        plain = name.startswith(b".env") or name.endswith((b".md", b".conf"))
        result = ConfigText() if plain else read_config(name, text)
        if result.error is not None:
            self.note(path, result.error)
        elif result.repeated:
            name_twice = masked_text(result.repeated[0])
            self.note(path, f"the name {name_twice!r} stands twice: agents differ in which one they take")
        return Loaded(path=path, text=text, value=result.value, mode=mode)

    def _text(self, path: bytes, limit: int) -> tuple[bytes, int] | None:
        machine = self.machine
        try:
            status = machine.stat(path, follow=True)
            if status.st_mode & 0o170000 == 0o040000:
                return None  # a folder by the name of a file: `.clinerules` may be either
            target = machine.resolve(path) if machine.stat(path).st_mode & 0o170000 == 0o120000 else path
            return machine.read_file(target, limit), status.st_mode & 0o777 if machine.platform != "windows" else 0
        except (FileNotFoundError, NotADirectoryError):
            return None
        except LimitReached:
            self.note(path, f"larger than {limit >> 20} MB")
        except OSError as error:
            self.note(path, (error.strerror or str(error)).lower())
        return None
