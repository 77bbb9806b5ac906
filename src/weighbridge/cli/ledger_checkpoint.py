"""`wb ledger checkpoint`: the signed head of the ledger, to be kept elsewhere."""

import click

from weighbridge.cli.screen import Screen


@click.command("checkpoint", short_help="Print the signed head of the ledger, to be kept elsewhere.")
@click.option("--key", "key_only", is_flag=True, help="Print the public key instead.")
@click.pass_obj
def command(screen: Screen, key_only: bool) -> int:
    """Print the signed head of the ledger: how many records it has, and the hash over all of them.

    Whoever keeps it can show later whether something was cut off or rewritten: `wb ledger verify --against FILE`.
    """
    from weighbridge.cli.ledger_files import own_key, readable
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.ledger_open import ledger_reader

    machine = RealMachine()
    log = ledger_reader(machine)
    if key_only:
        screen.data(own_key(machine).text + "\n")
        return 0
    with readable():
        head = log.head()
    screen.data(bytes(head.note).decode())
    if head.tail:
        screen.say(f"· {len(head.tail):,} newer records are signed with the next checkpoint", "muted")
    return 0
