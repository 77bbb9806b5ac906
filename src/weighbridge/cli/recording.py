"""What `wb up` and `wb scan --record` share: the result of a scan goes into the ledger."""

from typing import TYPE_CHECKING

from weighbridge.cli.screen import Screen
from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Scan
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.pipeline.options import Options


def record(screen: Screen, machine: Machine, scan: Scan, options: "Options") -> None:
    """Write a scan into the ledger, say what is new in it, and remove what the policy says is too old.

    Raises:
        WeighbridgeError: `E-ledger-busy`, `E-ledger-damaged`, `E-ledger-key`, `E-ledger-write`.
    """
    from weighbridge.cli.ledger_files import readable  # with the ledger, which most runs do not open
    from weighbridge.pipeline.ledger_open import network_word, open_ledger
    from weighbridge.pipeline.ledger_retention import keep_to
    from weighbridge.pipeline.ledger_scan import record_scan
    from weighbridge.pipeline.policies import load_policy
    from weighbridge.report.words import counted

    with readable(), open_ledger(machine, network_word()) as recorder:
        policy = load_policy(machine, options.policy)
        found = record_scan(machine, recorder, scan, options.roots, policy if policy.origin is not None else None)
        keep_to(machine, recorder, policy.settings.retention)
        size = recorder.log.size
    news = f"{counted(found.records, 'change')} recorded" if found.records else "nothing new"
    screen.say(f"✓ ledger  {news}, {counted(size + 1, 'record')} in all   (`wb ledger show`)", "success")


def record_if_possible(screen: Screen, machine: Machine, scan: Scan, options: "Options") -> None:
    """Do what `record` does; where that is not possible, say why and go on."""
    try:
        record(screen, machine, scan, options)
    except WeighbridgeError as error:
        screen.say(f"! ledger  not recorded: {error.message}", "warning")
        screen.say(f"  {error.hint}", "muted")
