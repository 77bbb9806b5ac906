"""`wb ledger`: show, verify, prove and export what was recorded. One file a subcommand."""

from importlib import import_module

import click

_COMMANDS = {
    "checkpoint": "Print the signed head of the ledger, to be kept elsewhere.",
    "export": "Write the ledger as static files that other tools verify.",
    "prove": "Prove that one record is in the ledger.",
    "show": "Show what was recorded on this machine.",
    "verify": "Check every record of a ledger, or a proof.",
}


class _LedgerGroup(click.Group):
    """Loads only the subcommand that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return names in order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one subcommand."""
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"weighbridge.cli.ledger_{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  (a file that defines no command is our bug)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    "ledger",
    cls=_LedgerGroup,
    short_help="Show, verify, prove and export what was recorded.",
    epilog="The ledger is a transparency log (C2SP tlog-tiles) in the state folder; nothing of it leaves this machine.",
)
def command() -> None:
    """Work with the ledger: what was observed here, in an order that nobody can quietly rewrite."""
