"""`wb up`: weigh this machine, show the table, serve the console with this machine in it, or else the report."""

import os
from dataclasses import replace

import click

from weighbridge.cli.exits import Exit, exit_for
from weighbridge.cli.options import cache_option, digest_option, persona_option, policy_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.cli.weighing import deliver, weigh
from weighbridge.discover.sweep import STOPPED
from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Scan
from weighbridge.model.errors import WeighbridgeError

REPORT = "report.html"
SECONDS = 40.0
"""How long the first look lasts at most: the table is to stand within a minute on any machine."""
MOST_HASHED = 8 << 30
"""Bytes hashed in one run: some seconds on any recent machine."""


@click.command("up", short_help="Weigh this machine and open the console on loopback.")
@click.option("--report-only", is_flag=True, help="Serve the report alone: no console, no fleet of one.")
@click.option("--once", is_flag=True, help="Show the table, write the report and exit.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; 8480 by default.")
@click.option("--no-record", is_flag=True, help="Write nothing into the ledger.")
@click.option("--no-open", is_flag=True, help="Serve, but open no browser.")
@policy_option
@persona_option
@digest_option
@cache_option
@quiet_option
@click.pass_obj
def command(
    screen: Screen,
    report_only: bool,
    once: bool,
    port: int,
    no_record: bool,
    no_open: bool,
    policy: str | None,
    persona: str,
    no_digest: bool,
    no_cache: bool,
    quiet: bool,
) -> int:
    """Weigh this machine: show the table, write a self-contained report, and open the console on 127.0.0.1.

    The console is the fleet server and the hub for this machine alone, until Ctrl-C; a link lets you in. Without what
    the server needs, or with --report-only or --no-record, the report is served instead.

    Known model stores come first, then homes, then everything else. The first table stands within a minute: what takes
    longer is named in it, and the next run goes on from there.

    With --once the exit code is that of `wb scan`.
    """
    from weighbridge.cli.recording import record_if_possible
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.options import Options
    from weighbridge.pipeline.policies import default_policy
    from weighbridge.report.registry import renderer

    screen.quiet = quiet
    machine = RealMachine()
    options = Options(
        roots=(),
        digest=not no_digest,
        cache=not no_cache,
        policy=policy or default_policy(machine),
        seconds=SECONDS,
        most_hashed=MOST_HASHED,
    )
    result, context = weigh(screen, machine, options, persona=persona)
    deliver(screen, result, context, "table", None)
    if not no_digest:
        postponed(screen, result)
    if not no_record:
        record_if_possible(screen, machine, result, options)
    page = renderer("html").render(result, replace(context, color=False))
    path = os.path.join(os.fsdecode(machine.state_folder), REPORT)
    screen.write_file(path, page, private=True)
    screen.say(f"\n✓ report  {path}", "success")
    if once or result.interrupted:
        return exit_for(result)
    open_page = not no_open and screen.has_display
    if report_only or no_record or not console_served(screen, machine, port, open_page=open_page):
        serve(screen, page, port, open_page=open_page)
    return Exit.WITHIN_POLICY


def console_served(screen: Screen, machine: Machine, port: int, *, open_page: bool) -> bool:
    """Serve the console until Ctrl-C; where that is not possible, say why and return False."""
    from weighbridge.cli.serve import require_server

    try:
        require_server()
        from weighbridge.cli.up_console import console

        console(screen, machine, port, open_page=open_page)
    except WeighbridgeError as error:
        screen.say(f"! console {error.message}", "warning")
        screen.say(f"  {error.hint}", "muted")
        return False
    return True


def postponed(screen: Screen, result: Scan) -> None:
    """Tell what was left for the next run, and how to go on."""
    from weighbridge.report.words import counted, size

    unhashed = [item for item in result.artifacts if item.sha256 is None and item.places[0].member is None]
    claimed = sum(item.claimed_sha256 is not None for item in unhashed)
    if unhashed and not result.interrupted:
        screen.say(
            f"\n· {counted(len(unhashed), 'artifact')} ({size(sum(item.size for item in unhashed))}) not hashed yet, "
            f"{claimed} of them known by the digest that their store states; `wb scan` hashes all",
            "hint",
        )
    if any(item.reason.startswith(STOPPED) for item in result.unexamined):
        screen.say(
            f"· not everything was looked at within {SECONDS:.0f} s; `wb up` again goes on from here, `wb scan` goes "
            "through to the end",
            "hint",
        )


def serve(screen: Screen, page: str, port: int, *, open_page: bool) -> None:
    """Serve `page` on loopback until Ctrl-C."""
    from weighbridge.cli.page_server import PageServer
    from weighbridge.report.html import POLICY

    with PageServer(page.encode("utf-8", "backslashreplace"), port, POLICY) as server:
        screen.say(f"→ open    {server.url}    (Ctrl-C ends)", "hint")
        if open_page:
            import webbrowser

            webbrowser.open(server.url)
        try:
            screen.interrupts.allow()
            server.serve_forever()
        except KeyboardInterrupt:
            screen.interrupts.hold()
            screen.interrupts.forget()
            screen.say("\nended")
