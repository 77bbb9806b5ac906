import sys
import threading

import pytest

from weighbridge.host.helper import Helper, lower_own_priority

ECHO = "import sys\nfor line in sys.stdin.buffer:\n sys.stdout.buffer.write(line.upper()); sys.stdout.buffer.flush()\n"


class Waking:
    def __init__(self) -> None:
        self.event = threading.Event()

    def lines(self, helper: Helper, count: int) -> list[bytes]:
        found: list[bytes] = []
        while len(found) < count:
            assert self.event.wait(20), "the helper said nothing"
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


def test_a_helper_that_ends_is_noticed_after_what_it_said() -> None:
    waking = Waking()
    dying = helper("import sys\nsys.stdin.readline(); print('last', flush=True)", waking)
    dying.ask(b"x")
    assert waking.lines(dying, 1) == [b"last\n"]
    with pytest.raises(EOFError):
        waking.lines(dying, 1)
    assert dying.pid is None


def test_ending_a_helper_that_talks_more_than_is_taken() -> None:
    waking = Waking()
    chatty = helper("import sys\nsys.stdin.readline()\nwhile True: print('x' * 99)", waking)
    chatty.ask(b"x")
    assert waking.event.wait(20)
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
