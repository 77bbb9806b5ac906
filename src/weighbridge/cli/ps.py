"""`wb ps`: what runs models right now."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import exit_for_processes
from weighbridge.cli.options import cache_option, format_option, output_option, policy_option, quiet_option
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from weighbridge.host.live import Live
    from weighbridge.host.machine import Machine
    from weighbridge.model.events import Listener
    from weighbridge.model.running import Snapshot
    from weighbridge.report.renderer import Context

_SECONDS = 3.0
"""How long hashing may take unless asked to wait: small models are done, large ones are said to be measured later."""


@click.command("ps", short_help="Show what runs models right now.")
@format_option("table", ("json", "table"), "weighbridge.ps/1")
@output_option
@policy_option
@click.option("--fail-on", type=click.Choice(["warn", "deny"]), default="deny", help="Verdict that fails. [deny]")
@click.option("--wait", is_flag=True, help="Measure the digest of every model, however large.")
@click.option("--demo", is_flag=True, help="Show a sample machine in memory instead of this one.")
@cache_option
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    format_name: str,
    output: str | None,
    policy: str | None,
    fail_on: str,
    wait: bool,
    demo: bool,
    no_cache: bool,
    quiet: bool,
) -> int:
    """Show which processes run which models: weights by content, servers, accelerators, who acts, what policy says.

    Nothing is stopped, traced or entered. Servers of this machine are asked who they are, by GET over loopback.
    What could not be seen is said, and what would be needed. Exit codes: `wb explain exit-codes`.
    """
    screen.quiet = quiet
    from weighbridge.report import ps_json, ps_table

    to_screen = output is None or output == "-"
    with screen.progress() as progress:
        seconds = None if wait or demo else _SECONDS
        snapshot, context = _look(screen, policy, seconds, progress.listener, cached=not no_cache, demo=demo)
    if format_name == "json":
        text = ps_json.render(snapshot, context)
    else:
        text = ps_table.render(snapshot, context if to_screen else replace(context, color=False))
    if output is None or to_screen:
        screen.data(text)
    else:
        screen.write_file(output, text)
        screen.say(f"✓ report written to {output}", "success")
    if format_name == "table" and any(one.sha256 is None for process in snapshot.processes for one in process.weights):
        screen.say("some digests are not measured yet: wb ps --wait", "hint")
    return exit_for_processes(snapshot, fail_on_warn=fail_on == "warn")


def _look(
    screen: Screen, policy_name: str | None, seconds: float | None, follower: "Listener", *, cached: bool, demo: bool
) -> tuple["Snapshot", "Context"]:
    from weighbridge import __version__
    from weighbridge.cli.weighing import host_name, warn_of_stale
    from weighbridge.model.place import display
    from weighbridge.pipeline.policies import default_policy, load_policy
    from weighbridge.pipeline.processes import Processes
    from weighbridge.report.renderer import Context

    machine, live = _sample() if demo else _this()
    policy = load_policy(machine, policy_name or default_policy(machine))
    warn_of_stale(screen, policy.stale_words)
    cache = None
    if cached and not demo:
        from weighbridge.pipeline.cache import open_cache  # with SQLite, which a look without a memory does not need

        cache = open_cache(machine)
    try:
        snapshot = Processes(machine, live, policy, cache, seconds=seconds, follower=follower).snapshot()
    finally:
        if cache is not None:
            cache.close()
    homes = machine.homes()
    weighed = any(process.verdict is not None for process in snapshot.processes)
    return snapshot, Context(
        version=__version__,
        machine="demo machine" if demo else host_name() or "this machine",
        roots=(),
        finished_at=snapshot.taken_at,
        policy=policy.words if weighed else "",
        home=display(homes[0]) if homes else "",
        width=screen.width,
        color=screen.color,
    )


def _this() -> tuple["Machine", "Live"]:
    from weighbridge.host.real import RealMachine
    from weighbridge.host.real_live import real_live

    return RealMachine(), real_live()


def _sample() -> tuple["Machine", "Live"]:
    from weighbridge.pipeline.demo_live import demo_live
    from weighbridge.pipeline.demo_machine import demo_machine

    machine = demo_machine()
    return machine, demo_live(machine)
