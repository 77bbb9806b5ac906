"""`wb policy`: test, explain, compare, render and show policies. One file a subcommand."""

from importlib import import_module

import click

_COMMANDS = {
    "diff": "Show what would change from one policy to another.",
    "explain": "Say why a file gets its verdict, or what a rule means.",
    "render": "Write the acceptable-use page of a policy.",
    "show": "List packs and rules, or copy a pack to a folder.",
    "test": "Try the situations of a policy.",
    "validate": "Check that a policy is right.",
}


class _PolicyGroup(click.Group):
    """Loads only the subcommand that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return names in order."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one subcommand."""
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"weighbridge.cli.policy_{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101  (a file that defines no command is our bug)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    "policy",
    cls=_PolicyGroup,
    short_help="Test, explain, compare and render policies.",
    epilog="A policy is a folder with policy.yaml and .cedar files, or one of observe, balanced, regulated.",
)
def command() -> None:
    """Work with policies: what is allowed, who says so, and what people read about it."""
