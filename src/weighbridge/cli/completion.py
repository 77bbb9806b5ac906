"""`wb completion SHELL`: a completion script on stdout."""

import click
from click.shell_completion import get_completion_class

from weighbridge.cli.screen import Screen

PROGRAMS = ("wb", "weighbridge")
VARIABLE = "_WB_COMPLETE"


@click.command("completion", short_help="Print a completion script for bash, zsh or fish.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_obj
def command(screen: Screen, shell: str) -> None:
    """Print a completion script for SHELL.

    bash: `wb completion bash > ~/.local/share/bash-completion/completions/wb`;
    zsh: into a file `_wb` on your fpath; fish: `wb completion fish > ~/.config/fish/completions/wb.fish`.
    """
    from weighbridge.cli.group import group

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  (the three shells above are built into click)
    for program in PROGRAMS:
        completer = kind(group, {}, program, VARIABLE)
        screen.data(completer.source_template % completer.source_vars() + "\n")
