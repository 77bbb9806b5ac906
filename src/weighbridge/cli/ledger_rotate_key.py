"""`wb ledger rotate-key`: another key signs from here on."""

import click

from weighbridge.cli.screen import Screen

_LONGEST = 200


@click.command("rotate-key", short_help="Sign with a new key from here on.")
@click.option("--why", metavar="TEXT", default="rotated", show_default=True, help="For the record of the change.")
@click.pass_obj
def command(screen: Screen, why: str) -> int:
    """Make a new key and sign the ledger with it from here on.

    The old key signs a statement that names the new one, so whoever has the old public key goes on verifying. The old
    private key is removed.
    """
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.ledger_key import change_key
    from weighbridge.pipeline.ledger_open import ledger_reader, network_word, open_ledger
    from weighbridge.report.escape import visible

    if not why.strip() or len(why) > _LONGEST:
        raise click.UsageError(f"--why takes 1 to {_LONGEST} characters")
    machine = RealMachine()
    ledger_reader(machine)
    with open_ledger(machine, network_word()) as recorder:
        index = change_key(machine, recorder, visible(why.strip()))
    screen.say(f"✓ a new key signs from record {index:,} on", "success")
    screen.say("Who has the old public key can go on with it; `wb ledger checkpoint --key` prints the new one", "hint")
    return 0
