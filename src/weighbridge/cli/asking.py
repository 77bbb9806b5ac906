"""Asking a person before something is changed; where nobody can answer, that is said in place of a guess."""

import sys

import click


def agreed(question: str) -> bool:
    """Ask on stderr; return whether the person agrees.

    Raises:
        click.UsageError: nobody is there to answer.
        click.Abort: the person broke off.
    """
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        raise click.UsageError("nobody can be asked here; --yes stands for the answer") from None
