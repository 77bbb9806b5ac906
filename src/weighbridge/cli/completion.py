"""`wb completion SHELL`: a completion script on stdout."""

import click
from click.shell_completion import get_completion_class

from weighbridge.cli.screen import Screen

PROGRAM = "wb"
VARIABLE = "_WB_COMPLETE"
ALSO = {
    "bash": (("-F _wb_completion wb\n", "-F _wb_completion wb weighbridge\n"),),
    "zsh": (
        ("#compdef wb", "#compdef wb weighbridge"),
        ("compdef _wb_completion wb\n", "compdef _wb_completion wb weighbridge\n"),
    ),
    "fish": (
        ("--command wb ", "--command wb --command weighbridge "),
        ('string split "," ', 'string split --max 1 "," '),
    ),
}
"""What differs from click's scripts: one script knows the program by both its names (of a file on its fpath zsh reads
the first line alone), and in fish the help of a command does not end at its first comma."""


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
    completer = kind(group, {}, PROGRAM, VARIABLE)
    script = completer.source_template % completer.source_vars()
    for words, instead in ALSO[shell]:
        script = script.replace(words, instead)
    screen.data(script + "\n")
