"""`wb ledger`: show, verify, prove and export what was recorded, and keep it in order. One file a subcommand."""

import click

from weighbridge.cli.subcommands import Subcommands

SUMMARIES = {
    "checkpoint": "Print the signed head of the ledger, to be kept elsewhere.",
    "export": "Write the ledger as static files that other tools verify.",
    "prove": "Prove that one record is in the ledger.",
    "rebuild": "Make the inventory anew from the records.",
    "rotate-key": "Sign with a new key from here on.",
    "show": "Show what was recorded on this machine.",
    "verify": "Check every record of a ledger, a proof or an evidence pack.",
}


@click.group(
    "ledger",
    cls=Subcommands,
    summaries=SUMMARIES,
    short_help="Show, verify, prove and export what was recorded.",
    epilog="The ledger is a transparency log (C2SP tlog-tiles) in the state folder; nothing of it leaves"
    " this machine unless you export it or join a fleet.",
)
def command() -> None:
    """Work with the ledger: what was observed here, in an order that nobody can quietly rewrite."""
