import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from weighbridge.cli.screen import Screen, progress_text
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.events import Progress


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Ascii(io.StringIO):
    encoding = "ascii"


class Broken(io.StringIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self._error = error

    def write(self, text: str) -> int:
        raise self._error


def screen(stdout: io.StringIO | None = None, stderr: io.StringIO | None = None, **environment: str) -> Screen:
    return Screen(stdout or io.StringIO(), stderr or io.StringIO(), environment, clock=iter(range(1000)).__next__)


@pytest.mark.parametrize(
    ("environment", "terminal", "color"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_color_follows_terminal_and_environment(environment: dict[str, str], terminal: bool, color: bool) -> None:
    assert screen(Terminal() if terminal else io.StringIO(), **environment).color is color


def test_talk_goes_to_stderr_and_can_be_silenced() -> None:
    out, err = io.StringIO(), io.StringIO()
    talker = screen(out, err)
    talker.say("hello", "success")
    talker.quiet = True
    talker.say("again")
    assert (out.getvalue(), err.getvalue()) == ("", "hello\n")


def test_an_error_has_code_sentence_and_hint_and_no_escape_sequences_of_others() -> None:
    err = io.StringIO()
    screen(None, err).error(WeighbridgeError("E-path-missing", "nothing at \x1b[2J\nx", "look again"))
    assert err.getvalue() == "error[E-path-missing]: nothing at \\x1b[2J\\x0ax\n\nhint: look again\n"


def test_a_reader_that_stopped_is_no_error_and_a_full_disk_is_one() -> None:
    screen(Broken(BrokenPipeError())).data("x")
    with pytest.raises(WeighbridgeError, match="No space left on device") as caught:
        screen(Broken(OSError(28, "No space left on device"))).data("x")
    assert caught.value.exit_code == 1


def test_a_terminal_without_unicode_gets_ascii() -> None:
    out = Ascii()
    screen(out).data("✗ caf\xe9 → x\n")
    assert out.getvalue() == "x caf\\xe9 > x\n"


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    screen().write_file(str(target), "new")
    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(WeighbridgeError):
        screen().write_file(str(target), "new")
    assert os.listdir(tmp_path) == ["folder"]


@pytest.mark.skipif(os.name == "nt", reason="permission bits are a POSIX notion")
def test_a_private_file_is_for_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / "state" / "report.html"
    screen().write_file(str(target), "x", private=True)
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.parent.stat().st_mode & 0o777 == 0o700


def test_width_comes_from_the_environment_first() -> None:
    assert screen(COLUMNS="72").width == 72
    assert screen(COLUMNS="wide").width == 100


def test_progress_shows_bar_rate_and_estimate() -> None:
    event = Progress(stage="digest", files_seen=10, artifacts_found=2, bytes_done=500, bytes_total=1000)
    assert progress_text(event, 5.0, 200) == "digest  ████████░░░░░░░░  50%  10 files  2 models  100 B/s  5 s left"


def test_progress_never_wraps_and_never_acts() -> None:
    event = Progress(stage="inspect", files_seen=10, current="/x/\x1b[31m" + "y" * 500)
    line = progress_text(event, 5.0, 79)
    assert len(line) <= 79
    assert line.isprintable()


def test_the_progress_line_draws_on_terminals_only_and_cleans_up() -> None:
    err = Terminal()
    with screen(None, err).progress() as progress:
        progress.listener(Progress(stage="inspect", files_seen=1))
    assert err.getvalue().startswith("\r\x1b[Kinspect")
    assert err.getvalue().endswith("\r\x1b[K")
    quiet = io.StringIO()
    with screen(None, quiet).progress() as progress:
        progress.listener(Progress(stage="inspect", files_seen=1))
    assert quiet.getvalue() == ""


def test_a_stream_without_a_buffer_gets_everything() -> None:
    class Raw(io.RawIOBase):
        """Takes a little at a time, as a pipe does when a signal comes."""

        taken = b""

        def writable(self) -> bool:
            return True

        def write(self, content: bytes) -> int:  # type: ignore[override]
            Raw.taken += bytes(content[:7])
            return len(content[:7])

    stream = io.TextIOWrapper(Raw(), encoding="utf-8", write_through=True)  # type: ignore[type-var]
    Screen(stream, io.StringIO(), {}).data("a long answer ✓\n" * 9)
    assert Raw.taken.decode() == "a long answer ✓\n" * 9


@pytest.mark.skipif(os.name == "nt", reason="closing a stream takes a POSIX shell")
def test_streams_that_were_closed_before_the_start() -> None:
    program = [sys.executable, "-m", "weighbridge", "explain", "clean"]
    shell = " ".join(f"'{word}'" for word in program)
    done = subprocess.run(["sh", "-c", f"{shell} >&-"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "error[E-output-failed]" in done.stderr
    assert "Traceback" not in done.stderr
    done = subprocess.run(["sh", "-c", f"{shell} 2>&-"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.partition("\n")[0]) == (0, "clean")


def test_progress_through_records_has_a_bar_a_count_and_an_estimate() -> None:
    event = Progress(stage="verify", records_done=250_000, records_total=1_000_000)
    assert progress_text(event, 5.0, 99) == "verify  ████░░░░░░░░░░░░  25%  250,000 records  15 s left"
    assert len(progress_text(event, 5.0, 20)) == 20
    others = Progress(stage="replay", records_done=1, records_total=4, records_are="endpoint")
    assert progress_text(others, 0.0, 99) == "replay  ████░░░░░░░░░░░░  25%  1 endpoint"
