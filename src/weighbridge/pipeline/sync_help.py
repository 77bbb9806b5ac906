"""What the sensor leaves to its helper: send to the fleet, ask the hub, and say what came of it for the records."""

from collections.abc import Callable, Iterator
from typing import Any

from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import PolicyFolder
from weighbridge.pipeline.fleet_rulings import held_numbers
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.pipeline.policies import FEED
from weighbridge.pipeline.sync_drain import drain
from weighbridge.sync.plan import REGULAR_SECONDS, pause_after_failure

_AT_ONCE_SECONDS = 60.0
"""How long one request of the sensor may send; the next one goes on."""


def answer(machine: Machine, wait: Callable[[float], None]) -> Iterator[dict[str, Any]]:
    """Send what waits, and ask the hub that this person set up; yield what was seen, and `done` with what comes next.

    `done` has the seconds after which to ask again, and whether everything is to be weighed anew.

    Args:
        machine: this machine.
        wait: waits for so many seconds.
    """
    has_hub, news = _ask_hub(machine)
    try:
        membership = FleetFolder(machine).membership()
        if membership is None:
            yield {"done": {"pause": REGULAR_SECONDS, "policy_taken": news} if has_hub else {"pause": None}}
            return
        sent, last = 0, None
        before = PolicyFolder(machine).state().number, held_numbers(machine)
        for last in drain(machine, wait, most_seconds=_AT_ONCE_SECONDS):
            sent += last.sent
    except WeighbridgeError as error:
        pause = pause_after_failure(1, 1.0) if error.code == "E-sync-busy" else REGULAR_SECONDS
        yield {"done": {"failed": error.message, "pause": pause, "policy_taken": news}}
        return
    if last is not None:
        state = {"server": membership.url, "state": last.code or "reached", "reason": last.reason}
        yield {"seen": ["sync", state]}
        taken = (PolicyFolder(machine).state().number, held_numbers(machine)) != before
        yield {"done": {"pause": last.pause, "sent": sent, "policy_taken": taken or news}}


def _ask_hub(machine: Machine) -> tuple[bool, bool]:
    """Ask the hub if it is time; return whether there is one, and whether it says something else than before."""
    if not machine.has_state(FEED):
        return False, False
    from weighbridge.pipeline.hub_feed_update import refresh_when_due  # most machines have no hub

    return True, refresh_when_due(machine)
