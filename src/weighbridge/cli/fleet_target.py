"""`wb fleet target`: where the fleet tells what it sees, from the server's machine. One file a subcommand."""

import click

from weighbridge.cli.subcommands import Subcommands

SUMMARIES = {
    "add": "Add a target: what is sent where.",
    "drop": "Give up what a target refused.",
    "kinds": "Show what targets there can be.",
    "list": "Show the targets and how far each is.",
    "pause": "Stop sending to a target.",
    "remove": "Remove a target with its secret.",
    "replay": "Send a target everything again from a date.",
    "resume": "Go on sending to a target, and try at once.",
    "retry": "Send what a target refused again.",
    "test": "Ask a target now whether it takes what is sent there.",
}


@click.group(
    "target",
    cls=Subcommands,
    summaries=SUMMARIES,
    modules="fleet_target",
    short_help="Tell other products what the fleet sees: SIEM, chat, tickets.",
    epilog="A target is named by its name or id. `wb fleet apply` takes targets from files.",
)
def command() -> None:
    """Say what is sent to which other product, see how far it is, and try it."""
