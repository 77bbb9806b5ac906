"""Recording a scan: what is new, what changed and what is gone since the records before, and nothing that stayed."""

import base64
import binascii
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from weighbridge.discover.sweep import STOPPED
from weighbridge.host.machine import Machine
from weighbridge.ledger.recorder import Item, Recorder
from weighbridge.model.artifact import Scan
from weighbridge.model.place import display
from weighbridge.pipeline.ledger_inventory import Inventory
from weighbridge.pipeline.ledger_open import ledger_reader
from weighbridge.pipeline.watch_seen import POLICY_SCOPE, SCAN_SCOPE, of_policy, of_scan

if TYPE_CHECKING:
    from weighbridge.policy.policy import Policy

_AT_ONCE = 4096


class RecordedScan(NamedTuple):
    """What was written."""

    records: int
    sightings: int
    """Places at which something new or other lies."""
    ended: int
    """Places at which it does not lie any more."""


def record_scan(
    machine: Machine, recorder: Recorder, scan: Scan, roots: tuple[bytes, ...], policy: "Policy | None" = None
) -> RecordedScan:
    """Write into the ledger what a scan found that the ledger does not say yet.

    A place that was not seen has ended if nothing lies there any more. If something does, it has ended only for a scan
    that went through all of the `roots` it was given: others pass over folders on purpose.

    Args:
        machine: that was scanned.
        recorder: of its ledger.
        scan: what was found.
        roots: folders that were asked for; none for the whole machine.
        policy: that weighed, if it is the fleet's: then the ledger says so, and whether it is stale.

    Raises:
        WeighbridgeError: `E-ledger-write`.
        LogError: the ledger cannot be read.
    """
    inventory = Inventory(machine, ledger_reader(machine))
    inventory.update()
    if inventory.lost is not None:
        # The projection lies beside the ledger: it remembers, at least, when only that was put back.
        recorder.record("gap", {"reason": "the ledger was put back or exchanged", "known_records": inventory.lost})
    known = inventory.known()
    stopped = scan.interrupted or any(one.reason.startswith(STOPPED) for one in scan.unexamined)
    through = bool(roots) and not stopped
    below = tuple(map(display, roots))
    found = known.changes(of_scan(scan), boot=machine.boot().id, scope=SCAN_SCOPE, below=below)
    items = [item for item in found if through or not item[0].endswith("-end") or _is_gone(machine, item)]
    if policy is not None:
        items += known.changes(of_policy(policy), boot=machine.boot().id, scope=POLICY_SCOPE)
    for at in range(0, len(items), _AT_ONCE):
        recorder.record_all(items[at : at + _AT_ONCE])
    inventory.update()
    kinds = Counter(kind for kind, _ in items)
    return RecordedScan(len(items), kinds["sighting"], kinds["sighting-end"])


def _is_gone(machine: Machine, item: Item) -> bool:
    """Tell whether nothing lies at the path that a record is about."""
    exact, path = item[1].get("path_bytes"), item[1].get("path")
    try:
        machine.stat(base64.b64decode(exact) if isinstance(exact, str) else str(path).encode())
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError, binascii.Error):
        pass  # what cannot be looked at has not ended
    return False
