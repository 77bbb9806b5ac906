"""What `wb up` and `wb scan --record` share: the result of a scan goes into the ledger."""

from weighbridge.cli.screen import Screen
from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Scan
from weighbridge.model.errors import WeighbridgeError


def record(screen: Screen, machine: Machine, scan: Scan, roots: tuple[bytes, ...]) -> None:
    """Write a scan into the ledger and say what is new in it.

    Raises:
        WeighbridgeError: `E-ledger-busy`, `E-ledger-damaged`, `E-ledger-key`, `E-ledger-write`.
    """
    from weighbridge.cli.ledger_files import readable  # with the ledger, which most runs do not open
    from weighbridge.pipeline.ledger_open import network_word, open_ledger
    from weighbridge.pipeline.ledger_scan import record_scan
    from weighbridge.report.words import counted

    with readable(), open_ledger(machine, network_word()) as recorder:
        found = record_scan(machine, recorder, scan, roots)
        size = recorder.log.size
    news = f"{counted(found.records, 'change')} recorded" if found.records else "nothing new"
    screen.say(f"✓ ledger  {news}, {counted(size + 1, 'record')} in all   (`wb ledger show`)", "success")


def record_if_possible(screen: Screen, machine: Machine, scan: Scan, roots: tuple[bytes, ...]) -> None:
    """Do what `record` does; where that is not possible, say why and go on."""
    try:
        record(screen, machine, scan, roots)
    except WeighbridgeError as error:
        screen.say(f"! ledger  not recorded: {error.message}", "warning")
        screen.say(f"  {error.hint}", "muted")
