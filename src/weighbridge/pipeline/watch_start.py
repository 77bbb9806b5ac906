"""The sensor on this machine: takes up its senses, reads what the ledger knows, turns until it is asked to end."""

import gc
import json
import os
import signal
from collections.abc import Sequence

from weighbridge.discover.network_state import network_state
from weighbridge.host.folder_events import FolderEvents
from weighbridge.host.helper import Helper
from weighbridge.host.lean import give_memory_back
from weighbridge.host.live import Live
from weighbridge.host.lock_owner import lock_owner
from weighbridge.host.machine import Machine
from weighbridge.host.own_cost import Cost, own_cost
from weighbridge.host.process_events import ProcessEvents
from weighbridge.host.program import program_stamp
from weighbridge.host.waiting import Waiter
from weighbridge.ledger.entry import timestamp
from weighbridge.ledger.reader import LogError
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.ledger_open import FOLDER, ledger_reader, open_ledger
from weighbridge.pipeline.watch import Senses, Watch
from weighbridge.pipeline.watch_decide import Known
from weighbridge.pipeline.watch_scribe import Scribe

_GATHER_SECONDS = 0.05
"""Announcements come in bursts; taking them one by one costs more than all together."""
_FOLDERS_REST_SECONDS = 0.5
"""Folders are looked at when they have been quiet for longer than that; a build changes them all the time."""
_GREETING_SECONDS = 30.0
_UPGRADE_SECONDS = 20.0
"""How often the program's own files are looked at. They must have come to rest since the look before."""
_END = frozenset({"SIGTERM", "SIGINT", "SIGBREAK"})
_RELOAD = "SIGHUP"
_SENDER = ("sync", "--helper")
"""Arguments of this program that run the helper that sends to the fleet."""


class Sensor:
    """The sensor of this machine.

    Args:
        machine: this machine.
        live: its running side.
        helper: arguments of this program that run a helper.

    Raises:
        WeighbridgeError: `E-ledger-busy`, `E-ledger-damaged`, `E-ledger-key`, `E-watch-helper`, or what is wrong with
            the policy: it cannot begin.
    """

    def __init__(self, machine: Machine, live: Live, helper: Sequence[str]) -> None:
        self._machine, self._live = machine, live
        self._waiter = Waiter()
        self._helpers = [Helper(one, self._waiter.wake) for one in (helper, helper, helper, _SENDER)]
        self._program = self._latest = program_stamp()
        self._program_at = machine.monotonic() + _UPGRADE_SECONDS
        self.upgraded = False
        """Whether `run` ended because another version of this program was installed."""
        self.policy = ""
        """Which policy weighs as it begins, in words."""
        self.shortcomings: list[str] = []
        """What of it does not work here, and why."""
        # Announcements are subscribed to before anything is looked at: what starts meanwhile waits.
        self._processes = self._subscribed()
        self._folders = self._watching()
        self.scribe = Scribe(
            lambda: open_ledger(machine, lambda: self.scribe.network), lambda: timestamp(machine.now())
        )
        self.scribe.network = network_state(live).connectivity.value
        try:
            self._greet()
            known = self._begun()
        except WeighbridgeError:
            self._release()
            raise
        looker, surveyor, daily, sender = self._helpers
        self._watch = Watch(
            Senses(
                machine=machine,
                live=live,
                looker=looker,
                surveyor=surveyor,
                daily=daily,
                cost=self._cost,
                processes=self._processes,
                folders=self._folders,
                sender=sender,
                shortcomings=tuple(self.shortcomings),
            ),
            self.scribe,
            known,
        )

    def run(self) -> bool:
        """Turn until a signal asks to end, or this program is replaced; tell whether everything was written.

        Raises:
            WeighbridgeError: `E-watch-memory`.
        """
        numbers = {getattr(signal, name, None): name for name in (*_END, _RELOAD)}
        self._waiter.install([number for number in numbers if number is not None])
        gc.collect()
        gc.freeze()
        give_memory_back()
        try:
            while True:
                self._watch.turn()
                arrived = {numbers[number] for number in [*self._waiter.signals] if number in numbers}
                self.upgraded = self._is_upgraded()
                if arrived & _END or self.upgraded:
                    break
                if _RELOAD in arrived:
                    self._waiter.signals.clear()
                    self._watch.reload()
                self._waiter.wait(self._watch.pause(), _GATHER_SECONDS)
        finally:
            written = self._watch.close()
            self._release()
        return written

    def _is_upgraded(self) -> bool:
        now = self._machine.monotonic()
        if now < self._program_at:
            return False
        self._program_at = now + _UPGRADE_SECONDS
        before, self._latest = self._latest, program_stamp()
        return bool(self._latest) and self._latest == before != self._program

    def _release(self) -> None:
        for helper in self._helpers:
            helper.end()
        self._waiter.close()
        for source in (self._processes, self._folders):
            if source is not None:
                source.close()

    def _greet(self) -> None:
        """Start the helper for looks; what is wrong with it or with the policy is said now, to a person."""
        helper = self._helpers[0]
        until = self._machine.monotonic() + _GREETING_SECONDS
        try:
            helper.ask(b'{"do":"hello"}')
            lines: list[bytes] = []
            while not lines and (left := until - self._machine.monotonic()) > 0:
                self._waiter.wait(left)
                lines = helper.take()
            said = json.loads(lines[0])["done"] if lines else {"failed": "it does not answer"}
        except (OSError, EOFError, ValueError, KeyError) as error:
            said = {"failed": str(error) or "it ended at once"}
        if "failed" not in said:
            self.policy = str(said.get("policy", ""))
            return
        helper.end()
        if "code" in said:
            raise WeighbridgeError(said["code"], said["failed"], said["hint"])
        raise WeighbridgeError(
            "E-watch-helper",
            f"the helper of the sensor does not work: {said['failed']}",
            "`wb doctor` checks this installation",
            exit_code=1,
        )

    def _begun(self) -> Known:
        """Open the ledger and return what it says that there is; what it was stopped for is a gap."""
        self._known()  # what takes long is done before anybody is kept from writing
        try:
            last = self._known().last
            self.scribe.begin()
            known = self._known()
        except WeighbridgeError as error:
            if error.code != "E-ledger-busy":
                raise
            holder = lock_owner(os.path.join(self._machine.state_folder, FOLDER.encode(), b"lock"))
            if holder is None:
                raise
            raise WeighbridgeError(
                error.code,
                f"process {holder} writes to the ledger of this machine already",
                f"one `wb watch` is enough; `kill {holder}` ends it in good order",
                exit_code=error.exit_code,
            ) from None
        if last[0] == "stop":
            now = timestamp(self._machine.now())
            self.scribe.tell([("gap", {"reason": "not running", "from": last[1], "to": now})])
        return known

    def _known(self) -> Known:
        try:
            inventory = Inventory(self._machine, ledger_reader(self._machine))
            inventory.update()
            return inventory.known()
        except WeighbridgeError as error:
            if error.code == "E-ledger-empty":
                return Known()
            raise
        except LogError:
            return Known()  # opening it to write says what is wrong, or repairs it

    def _subscribed(self) -> ProcessEvents | None:
        try:
            events = ProcessEvents()
        except OSError as error:
            self.shortcomings.append(
                f"starts of processes: not announced ({error.strerror or error}), so they are looked for"
                " every 2 seconds"
            )
            return None
        self._waiter.add(events)
        return events

    def _watching(self) -> FolderEvents | None:
        try:
            events = FolderEvents()
        except OSError:
            return None
        self._waiter.add(events, _FOLDERS_REST_SECONDS)
        return events

    def _cost(self) -> Cost:
        """Return the cost of this process, of looks and of sending; scans and audits keep to a share of their own."""
        give_memory_back()
        return own_cost()._replace(helper_seconds=self._helpers[0].seconds + self._helpers[-1].seconds)
