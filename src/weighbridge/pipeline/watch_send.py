"""What the sensor does for a fleet, and with a hub: asks its helper to send, or to ask. Without both, nothing.

Whether there is one is told by a file. What else is needed to send would cost the sensor its memory, so all of it
is left to the helper, which ends when there is nothing to do.
"""

import secrets
from typing import Any

from weighbridge.host.machine import Machine
from weighbridge.pipeline.watch_decide import Item, Known, Seen
from weighbridge.pipeline.watch_errand import Asking, Errand

FOLDER, MEMBERSHIP = "membership", "enrollment"
"""Folder and file of `membership.py`."""
HUB_FOLDER, HUB_FEED = "hub-access", "revocations.json"
"""The same of `hub_feed.py`."""
_FIRST_SECONDS = 15.0
_LOOK_SECONDS = 60.0
"""How soon it is noticed that this machine was enrolled."""
_AGAIN_SECONDS = 10.0
_PATIENCE = 600.0
_AFTER_FAILURE = 300.0


class Sender:
    """Asks a helper to send.

    Args:
        helper: who does it.
        machine: this machine.
        known: what the records say; changed as answers arrive.
        now: the beginning, on a clock that never steps.
    """

    def __init__(self, helper: Asking, machine: Machine, known: Known, now: float) -> None:
        self._errand = Errand(helper, known, _PATIENCE)
        self._machine, self._known = machine, known
        self._due = now + _FIRST_SECONDS
        self.policy_taken = False
        """Whether the last answer brought another policy of the fleet; everything is to be weighed anew then."""

    @property
    def pid(self) -> int | None:
        """The helper's process, if it runs."""
        return self._errand.pid

    def due(self) -> float:
        """Return when to ask again."""
        return self._due

    def turn(self, boot: str, now: float) -> list[Item]:
        """Do what is due; return what to record."""
        items, done = self._errand.collect(now)
        self.policy_taken = done is not None and done.get("policy_taken") is True
        if done is not None:
            pause = done.get("pause")
            self._due = now + (float(pause) if isinstance(pause, (int, float)) else _AFTER_FAILURE)
            if "failed" in done:
                items += self._trouble(str(done["failed"]), boot)
        if self._errand.busy or now < self._due:
            return items
        self._due = now + _LOOK_SECONDS
        if self._has_partner() and not self._errand.send({"do": "send"}, boot, now):
            self._due = now + _AFTER_FAILURE
            items += self._trouble("the helper does not start", boot)
        return items

    def hurry(self, now: float) -> None:
        """Send soon: this machine reaches further than before. Not at once, as a whole building may have come back."""
        self._due = min(self._due, now + _AGAIN_SECONDS * (1 + secrets.randbelow(1000) / 1000))

    def end(self) -> None:
        """End the helper; what it had not sent is sent later."""
        self._errand.end()

    def _trouble(self, reason: str, boot: str) -> list[Item]:
        said: dict[str, Any] = {"server": "", "state": "failed", "reason": reason}
        return self._known.changes([Seen("sync", said)], boot=boot)

    def _has_partner(self) -> bool:
        partners = (FOLDER, MEMBERSHIP), (HUB_FOLDER, HUB_FEED)
        try:
            return any(name in self._machine.durable_folder(folder).names("") for folder, name in partners)
        except OSError:
            return False
