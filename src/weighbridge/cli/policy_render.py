"""`wb policy render`: the acceptable-use page of a policy."""

import click

from weighbridge.cli.options import output_option
from weighbridge.cli.policy_source import chosen, policy_argument, read
from weighbridge.cli.screen import Screen


@click.command("render", short_help="Write the acceptable-use page of a policy.")
@policy_argument
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(["markdown", "html"]),
    default=None,
    help="Output format. [markdown, or html if FILE ends so]",
)
@output_option
@click.pass_obj
def command(
    screen: Screen, positional: str | None, option: str | None, format_name: str | None, output: str | None
) -> int:
    """Write what people may do with models, in words, from the rules that are enforced."""
    from weighbridge.policy.render import html, markdown

    policy = read(chosen(positional, option))
    by_name = "html" if output and output.lower().endswith((".html", ".htm")) else "markdown"
    text = html(policy) if (format_name or by_name) == "html" else markdown(policy)
    if output is None or output == "-":
        screen.data(text)
    else:
        screen.write_file(output, text)
        screen.say(f"✓ acceptable-use page written to {output}", "success")
    return 0
