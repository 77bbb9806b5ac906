"""Sends what simulated endpoints have to say: as fast as a server answers, or at a rate that it has to keep.

Requests are signed before they are due, so that what is measured is the server and not the simulator.
"""

import asyncio
import random
import time
from collections import deque
from itertools import cycle
from typing import NamedTuple

import msgspec
from bench.fleet_devices import SimulatedDevice

from weighbridge.sync.messages import SYNC_PATH, Refused, Synced

LOST = 0.02
"""Share of the answers that never reach their endpoint: it sends the same again."""
CONNECTIONS = 8
_AHEAD = 100
_QUIET_SECONDS = 0.01
"""So long before the next request is due, another one may be signed."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes


class Connection:
    """A connection to the server.

    Args:
        port: on loopback.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def ask(self, method: str, path: str, body: bytes = b"", fields: dict[str, str] | None = None) -> Answer:
        """Return the answer, whatever its status."""
        sent = {"Host": f"127.0.0.1:{self._port}", "Content-Length": str(len(body)), **(fields or {})}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in sent.items())
        assert self._writer is not None
        self._writer.write(head.encode() + b"\r\n" + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length")
        )
        return Answer(int(answer[9:12]), await self._reader.readexactly(length))

    def close(self) -> None:
        """Disconnect."""
        if self._writer is not None:
            self._writer.close()


async def all_at_once(
    port: int, devices: list[SimulatedDevice], chance: random.Random, lost: float = LOST
) -> tuple[list[float], list[float]]:
    """Let every device send once, `CONNECTIONS` at a time.

    Returns:
        Seconds of syncs, and of bare answers of the same server, one of those for every ten.
    """
    waiting = list(devices)
    took: list[float] = []
    bare: list[float] = []

    async def work() -> None:
        connection = Connection(port)
        await connection.open()
        while waiting:
            device = waiting.pop()
            body, fields = device.request(int(time.time()))
            began = time.perf_counter()
            answer = await connection.ask("POST", SYNC_PATH, body, fields)
            took.append(time.perf_counter() - began)
            taken(device, answer, chance, lost)
            if len(took) % 10 == 0:
                began = time.perf_counter()
                await connection.ask("GET", "/health/live")
                bare.append(time.perf_counter() - began)
        connection.close()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return took, bare


class Paced(NamedTuple):
    """What came of messages at a rate."""

    seconds: list[float]
    """From when each was due to its answer."""
    late: list[float]
    """How late the simulator itself sent each."""
    refused: int
    """Messages that were told to come again later."""
    failed: int
    """Messages without an answer."""


async def paced(
    ports: list[int],
    devices: list[SimulatedDevice],
    chance: random.Random,
    *,
    per_second: float,
    seconds: float,
    events: int,
    ahead: int = _AHEAD,
) -> Paced:
    """Let devices send in turn at random times, so many a second, whether or not earlier ones were answered.

    Each message has a connection of its own, as those of real endpoints have, which come every few minutes.

    Args:
        ports: of the servers, which take turns.
        devices: many enough that none is due again before it was answered.
        chance: of the times, and of the answers that are lost.
        per_second: messages.
        seconds: for how long.
        events: records that each device adds before it sends.
        ahead: requests that are signed before they are due; well below the number of devices.
    """
    result = Paced([], [], 0, 0)
    refused = failed = 0
    tasks: set[asyncio.Task[None]] = set()
    order = cycle(chance.sample(devices, len(devices)))
    ready: deque[tuple[SimulatedDevice, bytes, dict[str, str]]] = deque()

    def prepare() -> None:
        device = next(order)
        device.work(events)
        ready.append((device, *device.request(int(time.time()))))

    async def one(port: int, due: float, device: SimulatedDevice, body: bytes, fields: dict[str, str]) -> None:
        nonlocal refused, failed
        result.late.append(time.perf_counter() - due)
        connection = Connection(port)
        try:
            await connection.open()
            answer = await connection.ask("POST", SYNC_PATH, body, fields)
        except (OSError, asyncio.IncompleteReadError):
            failed += 1
            return
        finally:
            connection.close()
        result.seconds.append(time.perf_counter() - due)
        if not taken(device, answer, chance, LOST):
            refused += 1

    for _ in range(ahead):
        prepare()
    due = time.perf_counter()
    end = due + seconds
    turn = 0
    while due < end:
        await asyncio.sleep(0)
        while (left := due - time.perf_counter()) > 0:
            if left > _QUIET_SECONDS and len(ready) < ahead:
                prepare()
                await asyncio.sleep(0)
            else:
                await asyncio.sleep(left)
        if not ready:
            prepare()
        task = asyncio.create_task(one(ports[turn % len(ports)], due, *ready.popleft()))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        turn += 1
        due += chance.expovariate(per_second)
    await asyncio.gather(*tasks)
    return result._replace(refused=refused, failed=failed)


def taken(device: SimulatedDevice, answer: Answer, chance: random.Random, lost: float) -> bool:
    """Let a device take its answer, unless that is lost on the way; return False if it is to come again later.

    Raises:
        AssertionError: the server refused it for another reason than being busy.
    """
    if answer.status == 200:
        if chance.random() >= lost:
            device.take(msgspec.json.decode(answer.body, type=Synced))
        return True
    refused = msgspec.json.decode(answer.body, type=Refused)
    if refused.code != "busy" or refused.retry_in <= 0:
        raise AssertionError(answer)
    return False


def at_share(values: list[float], share: float) -> float:
    """Return the value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
