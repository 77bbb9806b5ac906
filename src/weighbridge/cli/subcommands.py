"""Commands that have subcommands, one file each; only the one that is called loads."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Subcommands(click.Group):
    """A group whose subcommand `show` stands in `weighbridge.cli.<group>_show`; `rotate-key` in `<group>_rotate_key`.

    Args:
        summaries: name of each subcommand, in the order of the list, and what it does in one line.
        modules: what stands before the name of a subcommand's file, for a group within a group; else the group's name.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  (click's)
        summaries: Mapping[str, str],
        modules: str = "",
        **attributes: Any,  # noqa: ANN401  (click's)
    ) -> None:
        super().__init__(*args, **attributes)
        self._summaries, self._modules = summaries, modules or str(self.name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return names in order."""
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one subcommand."""
        if cmd_name not in self._summaries:
            return None
        command = import_module(f"weighbridge.cli.{self._modules}_{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)  # noqa: S101  (a file that defines no command is our bug)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))
