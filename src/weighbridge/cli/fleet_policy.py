"""`wb fleet policy`: policies of a fleet, from an upload to the last ring. One file a subcommand."""

import click

from weighbridge.cli.subcommands import Subcommands

SUMMARIES = {
    "status": "Show which policy is in force where, and how far the newest is.",
    "root": "Say whose signatures count: writes what these people sign first.",
    "delegate": "Say who signs revocations and exceptions: writes what people sign.",
    "upload": "Check and try a policy folder, and write what people sign.",
    "diff": "Show what an uploaded policy would change.",
    "replay": "Show what an uploaded policy would have said of what the fleet has.",
    "sign": "Sign a list of policies, or a root, where your key is. Needs no server.",
    "publish": "Publish what enough people signed, and roll it out.",
    "halt": "Give a policy to no further endpoint.",
    "go-on": "Let a halted roll-out go on.",
    "roll-back": "Give what an earlier policy says a new number, and write what people sign.",
}


@click.group(
    "policy",
    cls=Subcommands,
    summaries=SUMMARIES,
    modules="fleet_policy",
    short_help="Upload, sign, publish and roll out policies of the fleet.",
    epilog="All but `sign` work on the database itself, on the server's machine.",
)
def command() -> None:
    """Upload, sign, publish and roll out policies of the fleet."""
