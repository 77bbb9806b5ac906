"""`wb ledger rebuild`: the inventory, made anew from the records."""

import click

from weighbridge.cli.screen import Screen


@click.command("rebuild", short_help="Make the inventory anew from the records.")
@click.pass_obj
def command(screen: Screen) -> int:
    """Make the inventory anew from the records, from which alone it follows. Nothing is scanned, no record changes."""
    from collections import Counter

    from weighbridge.cli.ledger_files import readable
    from weighbridge.host.real import RealMachine
    from weighbridge.host.state import StateError
    from weighbridge.ledger.errors import unwritable
    from weighbridge.pipeline.ledger_inventory import Inventory
    from weighbridge.pipeline.ledger_open import ledger_reader
    from weighbridge.report.words import counted

    machine = RealMachine()
    inventory = Inventory(machine, ledger_reader(machine))
    try:
        with readable():
            records = inventory.rebuild()
    except StateError as error:
        raise unwritable(error) from error
    things = Counter(record.kind for record in inventory.current())
    screen.say(f"✓ the inventory was made anew from {counted(records, 'record')}", "success")
    for kind, count in sorted(things.items()):
        screen.data(f"  {count:>7,}  {kind}\n")
    return 0
