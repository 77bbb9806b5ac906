"""The command group: lists all commands, loads only the one that is called."""

from importlib import import_module

import click

from weighbridge import __version__
from weighbridge.cli.registry import COMMANDS
from weighbridge.cli.screen import Screen

_ENTRIES = {entry.name: entry for entry in COMMANDS}


class LazyGroup(click.Group):
    """A group whose commands stand in the registry; `--help` shows their summaries without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return command names in registry order."""
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command."""
        entry = _ENTRIES.get(cmd_name)
        if entry is None:
            return None
        if not entry.reports and isinstance(ctx.obj, Screen):
            ctx.obj.interrupts.allow()
        command = import_module(entry.module).command
        assert isinstance(command, click.Command)  # noqa: S101  (a registry line that names no command is our bug)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the registry."""
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in COMMANDS])


@click.group(
    cls=LazyGroup,
    name="weighbridge",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `wb demo`. Every check, error and exit code: `wb explain ID`.",
)
@click.option("--debug", is_flag=True, help="Show tracebacks of internal errors.")
@click.version_option(__version__, "-V", "--version", message="weighbridge %(version)s")
@click.pass_context
def group(context: click.Context, debug: bool) -> None:
    """Find, identify, inspect and judge every AI model on a machine."""
    screen = context.obj
    if isinstance(screen, Screen):
        screen.debug = debug
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
