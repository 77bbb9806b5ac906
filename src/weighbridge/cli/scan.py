"""`wb scan`: find, inspect and weigh models under paths or on this machine."""

import click

from weighbridge.cli.exits import exit_for
from weighbridge.cli.options import (
    cache_option,
    digest_option,
    format_option,
    output_option,
    persona_option,
    policy_option,
    quiet_option,
)
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import absolute_paths, deliver, weigh


@click.command("scan", short_help="Find, inspect and weigh models under paths or on this machine.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@format_option("table")
@output_option
@policy_option
@click.option("--fail-on", type=click.Choice(["warn", "deny"]), default="deny", help="Verdict that fails. [deny]")
@persona_option
@digest_option
@cache_option
@click.option("--record", "recorded", is_flag=True, help="Write what is new into the ledger of this machine.")
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    paths: tuple[str, ...],
    format_name: str,
    output: str | None,
    policy: str | None,
    fail_on: str,
    persona: str,
    no_digest: bool,
    no_cache: bool,
    recorded: bool,
    quiet: bool,
) -> int:
    """Find every model under the given paths, or on this machine: what it is, what it could do, what policy says.

    Nothing that is scanned is loaded or run, no socket is opened, and nothing is written outside of Weighbridge's
    own state folder. Exit codes: `wb explain exit-codes`.
    """
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.options import Options
    from weighbridge.pipeline.policies import default_policy

    screen.quiet = quiet
    machine = RealMachine()
    options = Options(
        roots=absolute_paths(paths),
        digest=not no_digest,
        cache=not no_cache,
        policy=policy or default_policy(machine),
    )
    result, context = weigh(screen, machine, options, persona=persona)
    deliver(screen, result, context, format_name, output)
    if recorded:
        from weighbridge.cli.recording import record  # a plain scan opens no ledger

        record(screen, machine, result, options)
    return exit_for(result, fail_on_warn=fail_on == "warn", verdicts=format_name != "sarif")
