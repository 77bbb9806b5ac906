"""`wb policy`: test, explain, compare, render and show policies. One file a subcommand."""

import click

from weighbridge.cli.subcommands import Subcommands

SUMMARIES = {
    "diff": "Show what would change from one policy to another.",
    "explain": "Say why a file gets its verdict, or what a rule means.",
    "render": "Write the acceptable-use page of a policy.",
    "show": "List packs and rules, or copy a pack to a folder.",
    "test": "Try the situations of a policy.",
    "validate": "Check that a policy is right.",
}


@click.group(
    "policy",
    cls=Subcommands,
    summaries=SUMMARIES,
    short_help="Test, explain, compare and render policies.",
    epilog="A policy is a folder with policy.yaml and .cedar files, or one of observe, balanced, regulated.",
)
def command() -> None:
    """Work with policies: what is allowed, who says so, and what people read about it."""
