"""`wb demo`: the whole pipeline on a sample machine that exists in memory only."""

import click

from weighbridge.cli.options import format_option, output_option, persona_option, policy_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import deliver, weigh


@click.command("demo", short_help="Weigh a built-in sample machine; touches nothing of yours.")
@format_option("table")
@output_option
@policy_option
@persona_option
@quiet_option
@click.pass_obj
def command(screen: Screen, format_name: str, output: str | None, policy: str | None, persona: str, quiet: bool) -> int:
    """Weigh a built-in sample machine: stores, loose files, a renamed pickle with a payload, licenses that differ.

    The machine is made in memory; no file of yours is read. Always exits with 0.
    """
    from weighbridge.pipeline.demo_machine import demo_machine
    from weighbridge.pipeline.options import Options
    from weighbridge.pipeline.policies import default_policy

    screen.quiet = quiet
    machine = demo_machine()
    options = Options(roots=(), digest=True, cache=False, policy=policy or default_policy(machine))
    result, context = weigh(screen, machine, options, name="demo machine", persona=persona)
    deliver(screen, result, context, format_name, output)
    if format_name == "table" and output is None:
        screen.say("\nThis was a sample machine in memory. Weigh yours: wb up", "hint")
    return 0
