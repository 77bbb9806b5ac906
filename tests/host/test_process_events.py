import errno
import os
import socket
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.host.process_events import Change, ProcessEvent, ProcessEvents, answer_to, parse_events, subscription


def datagram(what: int, *numbers: int, index: int = 1) -> bytes:
    body = struct.pack("=IIQ", what, 0, 77) + struct.pack(f"={len(numbers)}I", *numbers)
    message = struct.pack("=IIIIHH", index, 1, 5, 0, len(body), 0) + body
    return struct.pack("=IHHII", 16 + len(message), 3, 0, 5, 0) + message


@pytest.mark.parametrize(
    ("message", "events"),
    [
        (datagram(1, 10, 10, 20, 20), [ProcessEvent(Change.FORK, 20, 10, 77)]),
        (datagram(1, 11, 10, 20, 20), [ProcessEvent(Change.FORK, 20, 10, 77)]),
        (datagram(1, 10, 10, 21, 10), []),  # a thread
        (datagram(2, 20, 20), [ProcessEvent(Change.EXEC, 20, None, 77)]),
        (datagram(0x80000000, 20, 20, 0, 17), [ProcessEvent(Change.EXIT, 20, None, 77)]),
        (datagram(0x80000000, 21, 20, 0, 17), []),
        (datagram(0x200, 20, 20), []),
        (datagram(2, 20, 20, index=9), []),
        (datagram(2, 20), []),
        (datagram(2, 20, 20) + datagram(2, 30, 30), [ProcessEvent(Change.EXEC, pid, None, 77) for pid in (20, 30)]),
    ],
)
def test_what_the_kernel_sends(message: bytes, events: list[ProcessEvent]) -> None:
    assert parse_events(message) == events


@given(st.binary(max_size=200))
def test_any_bytes_are_read(message: bytes) -> None:
    assert isinstance(parse_events(message), list)


def test_the_subscription_is_one_whole_message() -> None:
    message = subscription(7, 40)
    assert struct.unpack_from("=I", message)[0] == len(message)


def answer(refused: int, acknowledgement: int, what: int = 0) -> bytes:
    body = struct.pack("=IIQ", what, 0, 77) + struct.pack("=I", refused) + bytes(20)
    message = struct.pack("=IIIIHH", 1, 1, 5, acknowledgement, len(body), 0) + body
    return struct.pack("=IHHII", 16 + len(message), 3, 0, 5, 0) + message


@pytest.mark.parametrize(
    ("datagram", "said"),
    [
        (answer(0, 41), 0),
        (answer(errno.EPERM, 41), errno.EPERM),
        (answer(0, 42), None),  # to somebody else
        (answer(0, 41, what=2), None),
        (answer(0, 41)[:50], None),
        (b"", None),
    ],
)
def test_what_the_kernel_answers_to_a_subscription(datagram: bytes, said: int | None) -> None:
    assert answer_to(40, datagram) == said


class Kernel:
    """A socket to a kernel that takes a subscription and answers with an error number, or not at all."""

    def __init__(self, says: int | None) -> None:
        self.says, self.waiting = says, b""

    def setsockopt(self, *_: object) -> None: ...

    def bind(self, _address: object) -> None: ...

    def setblocking(self, _flag: bool) -> None: ...

    def close(self) -> None: ...

    def send(self, message: bytes) -> None:
        if self.says is not None:
            self.waiting = answer(self.says, struct.unpack_from("=IIII", message, 16)[3] + 1)

    def recvfrom(self, _size: int) -> tuple[bytes, tuple[int, int]]:
        said, self.waiting = self.waiting, b""
        if not said:
            raise BlockingIOError
        return said, (0, 1)


@pytest.mark.parametrize(
    ("says", "why"), [(None, "in a container"), (errno.EPERM, os.strerror(errno.EPERM)), (0, None)]
)
def test_a_subscription_that_the_kernel_does_not_serve_is_none(
    monkeypatch: pytest.MonkeyPatch, says: int | None, why: str | None
) -> None:
    monkeypatch.setattr(socket, "AF_NETLINK", 16, raising=False)
    monkeypatch.setattr(socket, "socket", lambda *_: Kernel(says))
    if why is None:
        ProcessEvents().close()
    else:
        with pytest.raises(OSError, match=why):
            ProcessEvents()


@pytest.mark.skipif(sys.platform != "linux", reason="the process connector is Linux's")
def test_a_short_life_is_seen_from_start_to_end() -> None:
    try:
        events = ProcessEvents()
    except OSError as error:
        pytest.skip(f"the kernel announces no processes here: {error.strerror}")
    try:
        child = subprocess.Popen([sys.executable, "-c", ""])
        child.wait()
        seen: list[ProcessEvent] = []
        while not any(event.pid == child.pid and event.change is Change.EXIT for event in seen):
            assert events.wait(60), "the kernel told nothing"
            seen += events.take()
    finally:
        events.close()
    mine = [event for event in seen if event.pid == child.pid]
    assert {Change.EXEC, Change.EXIT} <= {event.change for event in mine}
    forks = [event for event in mine if event.change is Change.FORK]
    assert [event.parent for event in forks] in ([os.getpid()], [])


@pytest.mark.skipif(sys.platform == "linux", reason="other platforms have none")
def test_elsewhere_it_says_so() -> None:
    with pytest.raises(OSError, match="no process connector"):
        ProcessEvents()
