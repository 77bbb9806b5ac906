"""The hub's ledger: every step in the life of a release, in an order that nobody can quietly rewrite.

It lies in a folder of its own in the server's state folder, because the ledger there belongs to the machine itself;
`wb ledger verify` reads one like the other. A step that was written twice (a server died between ledger and database)
bears the same id twice.
"""

import asyncio
import os
from functools import partial

from weighbridge.host.real import RealMachine
from weighbridge.hub import steps
from weighbridge.hub.hub import Hub
from weighbridge.hub.jobs import Job
from weighbridge.hub.steps import Step
from weighbridge.hub.worker import Progress
from weighbridge.ledger.entry import decode
from weighbridge.ledger.recorder import Recorder
from weighbridge.pipeline.ledger_open import open_ledger

FOLDER = b"hub-record"
KIND = "release"
_AT_ONCE = 200
_LOOKED_AT = 512
"""Last records that are looked at for steps which are there already."""


class HubMachine(RealMachine):
    """This machine, with the hub's own folder for what it records.

    Args:
        folder: the server's state folder.
    """

    def __init__(self, folder: bytes) -> None:
        super().__init__()
        self._folder = os.path.join(folder, FOLDER)

    @property
    def state_folder(self) -> bytes:
        """Where the hub's ledger and its key lie."""
        return self._folder


async def record_steps(hub: Hub, job: Job, progress: Progress) -> None:
    """Write into the ledger what is not there yet. Raises WeighbridgeError; nothing is lost, the next try does it."""
    while found := await hub.server.store.read(lambda connection: steps.unrecorded(connection, _AT_ONCE)):
        if hub.folder:
            await asyncio.to_thread(_write, os.fsencode(hub.folder), found)
        ids = [one.step_id for one in found]
        await hub.server.store.write(partial(steps.note_recorded, step_ids=ids))
        progress.done += len(found)


async def leave_it(hub: Hub, job: Job, reason: str) -> None:
    """Say that the ledger cannot be written; the steps wait in the database for the next one."""
    hub.server.log.event("error", "the hub's ledger cannot be written", reason=reason)


def _write(folder: bytes, found: list[Step]) -> None:
    with open_ledger(HubMachine(folder)) as recorder:
        there = _last_ids(recorder)
        recorder.record_all((KIND, _data(one)) for one in found if one.step_id not in there)


def _last_ids(recorder: Recorder) -> set[object]:
    log = recorder.log
    entries = log.entries(max(0, log.size - _LOOKED_AT), log.size)
    known = (decode(entry) for entry in entries)
    return {one.data.get("id") for one in known if one is not None and one.kind == KIND}


def _data(step: Step) -> dict[str, object]:
    said: dict[str, object] = {"id": step.step_id, "step": step.step, "release": step.subject, "by": step.by_name}
    return said | {"why": step.why, "step_at": step.at, "detail": step.detail}
