"""`wb inspect FILE`: everything known about one artifact."""

import click

from weighbridge.cli.exits import exit_for
from weighbridge.cli.options import cache_option, format_option, output_option, policy_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths, deliver, weigh


@click.command("inspect", short_help="Show everything known about one artifact.")
@click.argument("file")
@format_option("page")
@output_option
@policy_option
@cache_option
@quiet_option
@click.pass_obj
def command(
    screen: Screen, file: str, format_name: str, output: str | None, policy: str | None, no_cache: bool, quiet: bool
) -> int:
    """Show everything known about one artifact: identity, facts with their grades, findings, license, verdict."""
    from weighbridge.host.real import RealMachine
    from weighbridge.model.finding import Persona
    from weighbridge.pipeline.options import Options
    from weighbridge.pipeline.policies import default_policy

    screen.quiet = quiet
    machine = RealMachine()
    chosen = policy or default_policy(machine)
    options = Options(roots=absolute_paths([file]), digest=True, cache=not no_cache, policy=chosen)
    result, context = weigh(screen, machine, options, persona=Persona.AUDITOR)
    deliver(screen, result, context, format_name, output)
    return exit_for(result, verdicts=format_name != "sarif")
