import subprocess
import sys
import threading
import time

import pytest

from weighbridge.host.helper import Helper, lower_own_priority

ECHO = "import sys\nfor line in sys.stdin.buffer:\n sys.stdout.buffer.write(line.upper()); sys.stdout.buffer.flush()\n"


class Waking:
    def __init__(self) -> None:
        self.event = threading.Event()

    def lines(self, helper: Helper, count: int) -> list[bytes]:
        found: list[bytes] = []
        while len(found) < count:
            assert self.event.wait(60), "the helper said nothing"
            self.event.clear()
            found += helper.take()
        return found


def helper(script: str, waking: Waking) -> Helper:
    return Helper([], waking.event.set, (sys.executable, "-c", script))


def test_lines_go_in_and_come_out() -> None:
    waking = Waking()
    echo = helper(ECHO, waking)
    assert echo.pid is None
    echo.ask(b"one")
    echo.ask(b"two")
    assert waking.lines(echo, 2) == [b"ONE\n", b"TWO\n"]
    assert echo.take() == []
    echo.end()
    assert echo.pid is None
    echo.ask(b"again")
    assert waking.lines(echo, 1) == [b"AGAIN\n"]
    echo.end()


def test_a_helper_gives_memory_back_as_soon_as_it_is_free() -> None:
    waking = Waking()
    tells = helper("import os\nprint(os.environ['MALLOC_TRIM_THRESHOLD_'], flush=True)\ninput()", waking)
    tells.ask(b"")
    assert waking.lines(tells, 1) == [b"131072\n"]
    tells.end()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process cost by its number")
def test_what_helpers_cost_is_added_up() -> None:
    waking = Waking()
    busy = helper("import sys\nfor line in sys.stdin: print(sum(range(3_000_000)), flush=True)", waking)
    assert busy.seconds == 0
    busy.ask(b"x")
    waking.lines(busy, 1)
    first = busy.seconds
    assert first > 0
    busy.end()
    assert busy.seconds >= first
    busy.ask(b"x")
    waking.lines(busy, 1)
    assert busy.seconds > first
    busy.end()


def test_a_helper_that_ends_is_noticed_after_what_it_said() -> None:
    waking = Waking()
    dying = helper("import sys\nsys.stdin.readline(); print('last', flush=True)", waking)
    dying.ask(b"x")
    assert waking.lines(dying, 1) == [b"last\n"]
    with pytest.raises(EOFError):
        waking.lines(dying, 1)
    assert dying.pid is None


def test_an_end_that_arrives_together_with_the_last_line_wakes_for_itself() -> None:
    waking = Waking()
    dying = helper("import sys\nsys.stdin.readline(); print('last', flush=True)", waking)
    dying.ask(b"x")
    reader = next(one for one in threading.enumerate() if one.name == f"lines of helper {dying.pid}")
    reader.join(60)
    waking.event.clear()  # both wakes are spent before anything is taken
    assert dying.take() == [b"last\n"]
    assert waking.event.is_set()
    with pytest.raises(EOFError):
        dying.take()


def test_ending_a_helper_that_talks_more_than_is_taken() -> None:
    waking = Waking()
    chatty = helper("import sys\nsys.stdin.readline()\nwhile True: print('x' * 99)", waking)
    chatty.ask(b"x")
    assert waking.event.wait(60)
    assert len(chatty.take()) > 0
    chatty.end()
    assert chatty.take() == []


def test_priority_is_lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("os.nice", asked.append)
    monkeypatch.setattr("psutil.Process.ionice", lambda _self, value: asked.append(int(value)))
    lower_own_priority()
    assert asked[0] > 0
    assert len(asked) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent ended")
def test_a_helper_ends_when_its_parent_is_killed() -> None:
    middle = (
        "import subprocess, sys, time\n"
        "inner = 'from weighbridge.host.helper import end_with_parent as end; end(); print(1, flush=True); "
        "import time; time.sleep(60)'\n"
        "child = subprocess.Popen([sys.executable, '-c', inner], stdout=subprocess.PIPE)\n"
        "child.stdout.read(1); print(child.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", middle], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    for _ in range(1200):
        if not _runs(pid):
            return
        time.sleep(0.05)
    raise AssertionError("it lives on")


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
