"""`wb agent`: agents on this machine. One file a subcommand."""

from importlib import import_module

import click

_COMMANDS = {
    "audit": "Show agents, what they are connected to and allowed, and what is wrong with it.",
}


class _AgentGroup(click.Group):
    """Loads only the subcommand that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return names in order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one subcommand."""
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"weighbridge.cli.agent_{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  (a file that defines no command is our bug)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group("agent", cls=_AgentGroup, short_help="Audit the agents on this machine.")
def command() -> None:
    """Work with agents: programs that act on their own."""
