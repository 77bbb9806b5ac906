"""`wb hub`: the developer's and the administrator's side of the hub. One file a subcommand."""

import click

from weighbridge.cli.subcommands import Subcommands

SUMMARIES = {
    "check": "Compare the catalog of the hub with the bytes that it keeps.",
    "export": "Write a release into a file, for a hub without a network.",
    "import": "Take a release out of a file that another hub wrote.",
    "serve": "Run the hub: the same server as `wb serve`.",
    "setup": "Let the tools of this machine use the hub.",
    "work": "Do the hub's jobs: fetch, weigh, settle.",
}


@click.group("hub", cls=Subcommands, summaries=SUMMARIES, short_help="Use and administer the hub of approved models.")
def command() -> None:
    """Use and administer the hub of approved models."""
