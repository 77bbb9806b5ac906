"""Options that several commands share."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from weighbridge.model.finding import Persona
from weighbridge.report.registry import ALIASES, FORMATS

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

digest_option = click.option(
    "--no-digest", is_flag=True, help="Skip hashing: faster, but copies are not recognized by content."
)
cache_option = click.option("--no-cache", is_flag=True, help="Look at every file again and store nothing.")
policy_option = click.option(
    "--policy",
    metavar="NAME|FOLDER",
    help="Weigh by this pack (observe, balanced, regulated) or policy folder. [the fleet's, else observe]",
)
persona_option = click.option(
    "--persona",
    type=click.Choice([persona.value for persona in Persona]),
    default=Persona.REGULAR.value,
    show_default=True,
    help="Who reads: an auditor sees every finding.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr except errors.")
output_option = click.option(
    "-o", "--output", metavar="FILE", help="Write the report to FILE in one step; - is stdout."
)


def format_option(default: str, formats: Sequence[str] = (), json: str = "json-v1") -> Decorator:
    """Return `--format`.

    Args:
        default: what is written if nobody chooses.
        formats: the choices; every renderer of scans and its aliases if empty.
        json: what stands behind `json`.
    """
    return click.option(
        "-f",
        "--format",
        "format_name",
        type=click.Choice(sorted(formats or (*FORMATS, *ALIASES))),
        default=default,
        show_default=True,
        help=f"Output format; json is {json}.",
    )
