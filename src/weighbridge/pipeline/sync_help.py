"""What the sensor leaves to its helper for the fleet: send, and say what came of it so that it can be recorded."""

from collections.abc import Callable, Iterator
from typing import Any

from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import PolicyFolder
from weighbridge.pipeline.fleet_rulings import held_numbers
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.pipeline.sync_drain import drain
from weighbridge.sync.plan import REGULAR_SECONDS, pause_after_failure

_AT_ONCE_SECONDS = 60.0
"""How long one request of the sensor may send; the next one goes on."""


def answer(machine: Machine, wait: Callable[[float], None]) -> Iterator[dict[str, Any]]:
    """Send what waits; yield one thing that was seen and `done` with the seconds after which to ask again.

    Args:
        machine: this machine.
        wait: waits for so many seconds.
    """
    try:
        membership = FleetFolder(machine).membership()
        if membership is None:
            yield {"done": {"pause": None}}
            return
        sent, last = 0, None
        before = PolicyFolder(machine).state().number, held_numbers(machine)
        for last in drain(machine, wait, most_seconds=_AT_ONCE_SECONDS):
            sent += last.sent
    except WeighbridgeError as error:
        pause = pause_after_failure(1, 1.0) if error.code == "E-sync-busy" else REGULAR_SECONDS
        yield {"done": {"failed": error.message, "pause": pause}}
        return
    if last is not None:
        state = {"server": membership.url, "state": last.code or "reached", "reason": last.reason}
        yield {"seen": ["sync", state]}
        taken = (PolicyFolder(machine).state().number, held_numbers(machine)) != before
        yield {"done": {"pause": last.pause, "sent": sent, "policy_taken": taken}}
