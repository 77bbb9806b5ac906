"""Starts and ends of processes as the kernel announces them.

Polling the process list sees a shell that lives for 15 ms hardly ever; the process connector sees it always, and on
current kernels anybody may listen. Source: Linux Documentation/driver-api/connector.rst, `include/uapi/linux/cn_proc.h`
and `connector.h`, netlink(7).
"""

import errno
import os
import select
import socket
import struct
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

_CONNECTOR = 11
_PROCESS_GROUP = 1
_PROCESS_VALUE = 1
_LISTEN = 1
_DONE = 3
_HEADER = struct.Struct("=IHHII")  # length, type, flags, sequence, port
_MESSAGE = struct.Struct("=IIIIHH")  # index, value, sequence, acknowledgement, length, flags
_EVENT = struct.Struct("=IIQ")  # what, processor, nanoseconds since boot
_FORK = struct.Struct("=IIII")  # parent thread, parent, child thread, child
_TASK = struct.Struct("=II")  # thread, process
_NOTHING = 0x0  # what: an answer to a subscription, and no event
_REFUSAL = struct.Struct("=I")  # error number
_LARGEST = 1 << 16
_BUFFER = 4 << 20
"""Bytes that the kernel keeps for a listener that is late: some 50,000 events."""


class Change(Enum):
    """What happened to a process."""

    FORK = 0x1
    EXEC = 0x2
    EXIT = 0x80000000


class ProcessEvent(NamedTuple):
    """One start, change of program, or end of a process; threads are not told."""

    change: Change
    pid: int
    parent: int | None
    """Of a fork: the process that made it."""
    at: int
    """Nanoseconds since boot."""


class ProcessEvents:
    """A subscription.

    Raises PermissionError where the kernel keeps it from this user, OSError where it has none. In a container the
    kernel takes a subscription and never says anything: it answers only in the initial user and process namespaces,
    and it does so before the request returns. Source: Linux `drivers/connector/cn_proc.c`, cn_proc_mcast_ctl and
    cn_proc_ack.
    """

    def __init__(self) -> None:
        family = getattr(socket, "AF_NETLINK", None)
        if family is None:
            raise OSError(errno.EOPNOTSUPP, "this platform has no process connector")
        self.lost = 0
        """How often the kernel had to drop events because they were not taken in time."""
        self._socket = socket.socket(family, socket.SOCK_DGRAM, _CONNECTOR)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            self._socket.bind((0, _PROCESS_GROUP))
            self._socket.setblocking(False)
            number = int.from_bytes(os.urandom(3), "big")
            self._socket.send(subscription(os.getpid(), number))
            refused = self._answer(number)
            if refused is None:
                raise OSError(errno.EOPNOTSUPP, "the kernel announces nothing in a container")
            if refused:
                raise OSError(refused, os.strerror(refused))
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        return self._socket.fileno()

    def wait(self, seconds: float) -> bool:
        """Wait until there is something to take; tell whether there is."""
        return bool(select.select([self._socket], [], [], seconds)[0])

    def take(self) -> list[ProcessEvent]:
        """Return what happened since the last call, in order; never waits."""
        return [event for datagram in self._datagrams() for event in parse_events(datagram)]

    def _answer(self, number: int) -> int | None:
        """Return what the kernel said to the subscription: 0 or an error number; None if it said nothing."""
        answers = (answer_to(number, datagram) for datagram in self._datagrams())
        return next((answer for answer in answers if answer is not None), None)

    def _datagrams(self) -> Iterator[bytes]:
        while True:
            try:
                datagram, (port, _) = self._socket.recvfrom(_LARGEST)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                self.lost += 1
                continue
            if port == 0:  # from the kernel; anybody can send to a netlink socket
                yield datagram

    def close(self) -> None:
        """End the subscription."""
        self._socket.close()


def subscription(port: int, number: int) -> bytes:
    """Return the message that asks the kernel for all process events; it answers with `number` and one more."""
    operation = struct.pack("=I", _LISTEN)
    message = _MESSAGE.pack(_PROCESS_GROUP, _PROCESS_VALUE, 0, number, len(operation), 0) + operation
    return _HEADER.pack(_HEADER.size + len(message), _DONE, 0, 0, port) + message


def answer_to(number: int, datagram: bytes) -> int | None:
    """Return what a datagram says to the subscription with `number`: 0 or an error number; None if it is no answer."""
    start = _HEADER.size
    if len(datagram) < start + _MESSAGE.size + _EVENT.size + _REFUSAL.size:
        return None
    index, value, _, acknowledgement, _, _ = _MESSAGE.unpack_from(datagram, start)
    what, _, _ = _EVENT.unpack_from(datagram, start + _MESSAGE.size)
    if (index, value, acknowledgement, what) != (_PROCESS_GROUP, _PROCESS_VALUE, number + 1, _NOTHING):
        return None
    refused: int = _REFUSAL.unpack_from(datagram, start + _MESSAGE.size + _EVENT.size)[0]
    return refused


def parse_events(datagram: bytes) -> list[ProcessEvent]:
    """Return the events in one datagram; anything else in it is passed over."""
    found: list[ProcessEvent] = []
    start = 0
    while start + _HEADER.size <= len(datagram):
        length = _HEADER.unpack_from(datagram, start)[0]
        end = start + length
        if length < _HEADER.size or end > len(datagram):
            break
        body = start + _HEADER.size + _MESSAGE.size
        if body + _EVENT.size <= end:
            index, value, *_ = _MESSAGE.unpack_from(datagram, start + _HEADER.size)
            event = _event(datagram[body:end]) if (index, value) == (_PROCESS_GROUP, _PROCESS_VALUE) else None
            found += [event] if event else []
        start += (length + 3) & ~3
    return found


def _event(body: bytes) -> ProcessEvent | None:
    what, _, at = _EVENT.unpack_from(body)
    rest = body[_EVENT.size :]
    if what == Change.FORK.value and len(rest) >= _FORK.size:
        _, parent, thread, child = _FORK.unpack_from(rest)
        return ProcessEvent(Change.FORK, child, parent, at) if thread == child else None
    if what in (Change.EXEC.value, Change.EXIT.value) and len(rest) >= _TASK.size:
        thread, pid = _TASK.unpack_from(rest)
        return ProcessEvent(Change(what), pid, None, at) if thread == pid or what == Change.EXEC.value else None
    return None
