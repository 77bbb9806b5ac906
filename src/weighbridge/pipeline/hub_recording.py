"""A pull as a record of this machine's ledger, where one is kept: which model came from which hub, by which digests."""

from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_places import WEIGHTS
from weighbridge.pipeline.hub_pull import Pulled
from weighbridge.pipeline.ledger_open import ledger_reader, network_word, open_ledger

KIND = "outcome"
_MOST = 500
"""Digests in one record; a release of more files says how many there are."""


def record_pull(machine: Machine, access: HubAccess, pulled: Pulled) -> bool:
    """Record a pull, if this machine has a ledger; return whether it did.

    Where another process writes to the ledger that is `wb watch`, which sees the files by itself.

    Raises:
        WeighbridgeError: `E-ledger-damaged`, `E-ledger-key`, `E-ledger-write`.
    """
    try:
        ledger_reader(machine)
        with open_ledger(machine, network_word()) as recorder:
            recorder.record(KIND, said(access, pulled))
    except WeighbridgeError as error:
        if error.code in ("E-ledger-empty", "E-ledger-busy"):
            return False
        raise
    return True


def said(access: HubAccess, pulled: Pulled) -> dict[str, object]:
    """Return what the record says."""
    release = pulled.release
    weights = sorted({one.sha256 for one in pulled.files if one.path.endswith(WEIGHTS)})
    about = {"what": "pull", "name": release.name, "commit": release.commit, "hub": access.url}
    return about | {"files": len(pulled.files), "weights": weights[:_MOST], "fetched": pulled.fetched}
