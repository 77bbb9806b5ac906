"""The only writer to stdout, stderr and `--output` files. stdout is data, stderr is talk.

Color roles: green success, red error, yellow warning, cyan hints and names; a symbol stands beside every color.
"""

import contextlib
import errno
import io
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import IO, TYPE_CHECKING, Any

from weighbridge.host.interrupt import Interrupts
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.model.events import Listener, Progress

_CODES = {"success": "32", "error": "1;31", "warning": "33", "hint": "36", "muted": "2", "strong": "1"}
_PLAIN = str.maketrans(
    {"✓": "+", "✗": "x", "▲": "^", "·": "-", "…": "~", "→": ">", "—": "-", "─": "-", "│": "|", "█": "#", "░": "."}
)
_INTERVAL = 0.1
"""Seconds between two redraws of the progress line."""


class Screen:
    """Where a command talks and where it writes what was asked for.

    Args:
        stdout: data.
        stderr: progress, notes, errors.
        environment: consulted for NO_COLOR, FORCE_COLOR, TERM and COLUMNS.
        clock: monotonic seconds, for the progress line.
        interrupts: what became of Ctrl-C.
    """

    def __init__(
        self,
        stdout: IO[str] | None = None,
        stderr: IO[str] | None = None,
        environment: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        interrupts: Interrupts | None = None,
    ) -> None:
        # A shell may start a program without them (`>&-`); Python then has None.
        self._stdout: IO[str] = stdout or sys.stdout or _Closed()
        self._stderr: IO[str] = stderr or sys.stderr or _Closed()
        self._environment = os.environ if environment is None else environment
        self._clock = clock
        self.interrupts = interrupts if interrupts is not None else Interrupts()
        self.quiet = False
        self.debug = False
        self.color = _wants_color(self._stdout, self._environment)
        self.color_talk = _wants_color(self._stderr, self._environment)

    @property
    def width(self) -> int:
        """Columns of the terminal; 100 where there is none."""
        columns = self._environment.get("COLUMNS", "")
        if columns.isdecimal() and int(columns) > 0:
            return int(columns)
        for stream in (self._stdout, self._stderr):
            try:
                return os.get_terminal_size(stream.fileno()).columns or 100
            except (OSError, ValueError, AttributeError):
                continue
        return 100

    @property
    def has_display(self) -> bool:
        """Whether a browser window can probably be opened here."""
        if sys.platform in ("darwin", "win32"):
            return "SSH_CONNECTION" not in self._environment
        return bool(self._environment.get("DISPLAY") or self._environment.get("WAYLAND_DISPLAY"))

    def data(self, text: str) -> None:
        """Write what was asked for to stdout. A reader that stopped reading is not an error; a full disk is."""
        try:
            _write_all(self._stdout, _encodable(text, self._stdout))
            self._stdout.flush()
        except BrokenPipeError:
            _discard(self._stdout)
        except OSError as error:
            _discard(self._stdout)
            raise WeighbridgeError(
                "E-output-failed",
                f"cannot write to standard output: {error.strerror or error}",
                "free some space, or write to another place with --output FILE",
                exit_code=1,
            ) from error

    def abandon(self) -> None:
        """Write nothing more to stdout: its reader is gone."""
        _discard(self._stdout)

    def say(self, text: str = "", role: str | None = None) -> None:
        """Tell the person something on stderr, one line, unless they asked for quiet."""
        if not self.quiet:
            self._talk(self._styled(text, role) + "\n")

    def error(self, error: WeighbridgeError) -> None:
        """Show what stopped the command and what to try; shown even when quiet."""
        from weighbridge.report.escape import visible

        head = self._styled(f"error[{error.code}]", "error")
        message = visible(error.message, 1000)
        self._talk(f"{head}: {message}\n\n{self._styled('hint', 'hint')}: {visible(error.hint, 1000)}\n")

    def trace(self, text: str) -> None:
        """Show a traceback, for `--debug`."""
        self._talk(text)

    def write_file(self, path: str, content: str | bytes, *, private: bool = False) -> None:
        """Replace the file at `path` by `content` in one step: a reader sees the old content or the new, never half.

        Args:
            path: where.
            content: all of it.
            private: make the folder if need be, and let only this user read it.

        Raises:
            WeighbridgeError: `E-output-failed`.
        """
        temporary = f"{path}.{os.getpid()}.part"
        written = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        try:
            if private:
                os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            mode = 0o600 if private else 0o666
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(temporary, flags, mode), "wb") as file:
                file.write(written)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise WeighbridgeError(
                "E-output-failed",
                f"cannot write {path}: {error.strerror or error}",
                "choose a folder that exists and that you may write to",
                exit_code=1,
            ) from error

    def progress(self) -> "ProgressLine":
        """Return a progress line; it draws nothing when stderr is not a terminal or quiet was asked for."""
        shown = not self.quiet and _is_terminal(self._stderr) and self._environment.get("TERM") != "dumb"
        return ProgressLine(self._talk if shown else None, self._clock, self.width)

    def _styled(self, text: str, role: str | None) -> str:
        if role is None or not self.color_talk:
            return text
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m"

    def _talk(self, text: str) -> None:
        try:
            self._stderr.write(_encodable(text, self._stderr))
            self._stderr.flush()
        except OSError:
            _discard(self._stderr)


class ProgressLine:
    """One line on stderr that follows a run: stage, bar, rate, estimate. A context manager that cleans up."""

    def __init__(self, write: Callable[[str], None] | None, clock: Callable[[], float], width: int) -> None:
        self._write = write
        self._clock = clock
        self._width = width
        self._started = clock()
        self._stage = ""
        self._stage_started = self._started
        self._drawn = 0.0

    @property
    def listener(self) -> "Listener":
        """What the pipeline reports to."""
        from weighbridge.model.events import silent

        return silent if self._write is None else self._follow

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._write is not None and self._drawn:
            self._write("\r\x1b[K")

    def _follow(self, event: "Progress") -> None:
        now = self._clock()
        if event.stage != self._stage:
            self._stage, self._stage_started = event.stage, now
        elif now - self._drawn < _INTERVAL:
            return
        self._drawn = now
        if self._write is not None:
            self._write("\r\x1b[K" + progress_text(event, now - self._stage_started, self._width - 1))


def progress_text(event: "Progress", elapsed: float, width: int) -> str:
    """Return one progress line of at most `width` characters.

    Args:
        event: where the run stands.
        elapsed: seconds since this stage began.
        width: columns.
    """
    from weighbridge.report.escape import middle, visible
    from weighbridge.report.words import counted, size

    parts = [visible(event.stage, 20)]
    if event.records_total:
        parts += [_bar(event.records_done / event.records_total), counted(event.records_done, event.records_are)]
        if elapsed > 0.5 and event.records_done:
            left = (event.records_total - event.records_done) * elapsed / event.records_done
            parts.append(f"{_duration(left)} left")
        return "  ".join(parts)[:width]
    if event.bytes_total:
        parts.append(_bar(event.bytes_done / event.bytes_total))
    parts += [counted(event.files_seen, "file"), counted(event.artifacts_found, "model")]
    if elapsed > 0.5 and event.bytes_done:
        rate = event.bytes_done / elapsed
        parts.append(f"{size(int(rate))}/s")
        if event.bytes_total and rate:
            parts.append(f"{_duration((event.bytes_total - event.bytes_done) / rate)} left")
    elif elapsed > 0.5 and event.files_seen:
        parts.append(f"{int(event.files_seen / elapsed):,} files/s")
    line = "  ".join(parts)
    if len(line) > width:
        return line[:width]
    room = width - len(line) - 2
    return line + "  " + middle(visible(event.current, 4096), room) if event.current and room > 12 else line


def _bar(share: float) -> str:
    filled = round(min(1.0, share) * 16)
    return "█" * filled + "░" * (16 - filled) + f" {min(1.0, share):4.0%}"


def _duration(seconds: float) -> str:
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    return (
        f"{whole // 60} min {whole % 60:02d} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    )


class _Closed(io.StringIO):
    """A stream that was closed before the program began: writing fails as it does on such a descriptor."""

    def write(self, _text: str, /) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def _wants_color(stream: IO[str], environment: Mapping[str, str]) -> bool:
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and _is_terminal(stream)


def _is_terminal(stream: IO[str]) -> bool:
    try:
        return stream.isatty()
    except ValueError:
        return False


def _encodable(text: str, stream: IO[str]) -> str:
    """Return `text` in characters that the stream's encoding has: symbols become ASCII, the rest is escaped."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return text.translate(_PLAIN).encode("ascii", "backslashreplace").decode("ascii")
    return text


def _write_all(stream: IO[str], text: str) -> None:
    """Write all of `text`, also to a stream without a buffer (PYTHONUNBUFFERED), where a signal cuts a write short."""
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        stream.write(text)
        return
    content = memoryview(
        text.encode(getattr(stream, "encoding", None) or "utf-8", getattr(stream, "errors", None) or "strict")
    )
    while content:
        content = content[raw.write(content) or 0 :]


def _discard(stream: IO[Any]) -> None:
    """Point a broken stream at nothing, so that the interpreter's own flush at exit stays quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
