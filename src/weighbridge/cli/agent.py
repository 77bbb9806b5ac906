"""`wb agent`: agents on this machine. One file a subcommand."""

import click

from weighbridge.cli.subcommands import Subcommands

SUMMARIES = {
    "audit": "Show agents, what they are connected to and allowed, and what is wrong with it.",
}


@click.group("agent", cls=Subcommands, summaries=SUMMARIES, short_help="Audit the agents on this machine.")
def command() -> None:
    """Work with agents: programs that act on their own."""
