"""`wb watch`: the sensor: notice what changes on this machine, and record it."""

import os
from typing import TYPE_CHECKING

import click

from weighbridge.cli.asking import agreed
from weighbridge.cli.exits import Exit
from weighbridge.cli.options import policy_option, quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.service import Service


@click.command("watch", short_help="Watch this machine and record what changes.")
@policy_option
@click.option("--install", is_flag=True, help="Start it with this user's session from now on; shows the unit first.")
@click.option("--uninstall", is_flag=True, help="Take back what --install did.")
@click.option("--yes", is_flag=True, help="Do not ask before --install or --uninstall.")
@click.option("--helper", is_flag=True, hidden=True)
@quiet_option
@click.pass_obj
def command(
    screen: Screen, policy: str | None, install: bool, uninstall: bool, yes: bool, helper: bool, quiet: bool
) -> int:
    """Watch this machine until Ctrl-C: processes that run models, servers, model files, agents, the network.

    Only changes are recorded, in the ledger of this machine (`wb ledger show`). Nothing is stopped or traced, and
    nothing is sent unless this machine belongs to a fleet (`wb enroll`). What cannot be seen without more privilege is
    said and recorded; `wb doctor` tells how to grant it.
    """
    screen.quiet = quiet
    if helper:
        return _help(screen, policy)
    if install and uninstall:
        raise click.UsageError("--install and --uninstall exclude each other")
    if install or uninstall:
        from weighbridge.host.service import service

        return _install(screen, service(policy), yes=yes) if install else _uninstall(screen, service(policy), yes=yes)
    return _watch(screen, policy)


def _watch(screen: Screen, policy: str | None) -> int:
    from weighbridge.host.lean import leave_out_openssl

    leave_out_openssl()
    from weighbridge.host.real import RealMachine
    from weighbridge.host.real_live import real_live
    from weighbridge.pipeline.watch_start import Sensor

    sensor = Sensor(RealMachine(), real_live(), ("watch", "--helper", *_named(policy)))
    screen.say("✓ watching; Ctrl-C ends it   (`wb ledger show` shows what was recorded)", "success")
    screen.say(f"· policy {sensor.policy}", "muted")
    for shortcoming in sensor.shortcomings:
        screen.say(f"· {shortcoming}   (`wb doctor`)", "muted")
    if sensor.scribe.trouble is not None:
        screen.say(f"! {sensor.scribe.trouble.message}; what is seen waits in memory", "warning")
    written = sensor.run()
    if not written:
        screen.say("! not everything could be written to the ledger", "warning")
        return Exit.FAILED
    if sensor.upgraded:
        return _anew(screen, policy)
    screen.say("· ended; everything is recorded", "muted")
    return Exit.WITHIN_POLICY


def _anew(screen: Screen, policy: str | None) -> int:
    from weighbridge.host.program import start_anew

    screen.say("· another version of Weighbridge was installed: it takes over", "muted")
    if os.name == "posix":
        start_anew(("watch", *_named(policy), *(("--quiet",) if screen.quiet else ())))
    return Exit.FAILED  # upon which the scheduled task starts it


def _named(policy: str | None) -> tuple[str, ...]:
    """Return how a policy is named to another process; one that nobody named may change while the sensor runs."""
    return () if policy is None else ("--policy", policy)


def _help(screen: Screen, policy: str | None) -> int:
    """Answer requests on stdin until it ends."""
    import json
    import sys

    from weighbridge.host.helper import end_with_parent, lower_own_priority
    from weighbridge.host.real import RealMachine
    from weighbridge.host.real_live import real_live
    from weighbridge.pipeline.watch_work import LONG, Work

    end_with_parent()
    try:
        work = Work(RealMachine(), real_live(), policy or "")
    except WeighbridgeError as error:
        sys.stdin.readline()
        screen.data(json.dumps({"done": {"failed": error.message, "code": error.code, "hint": error.hint}}) + "\n")
        return error.exit_code
    yields = False
    for line in sys.stdin:
        request = json.loads(line)
        if not yields and request.get("do") in LONG:  # a look is wanted within seconds, on a busy machine above all
            lower_own_priority()
            yields = True
        for answer in work.answer(request):
            screen.data(json.dumps(answer) + "\n")
    return Exit.WITHIN_POLICY


def _install(screen: Screen, unit: "Service", *, yes: bool) -> int:
    screen.data(unit.text)
    screen.say(f"→ {unit.path}", "hint")
    if not yes and not agreed("Write this and start it?"):
        return Exit.WITHIN_POLICY
    unit.install()
    screen.say("✓ installed and started; `wb watch --uninstall` takes it back", "success")
    return Exit.WITHIN_POLICY


def _uninstall(screen: Screen, unit: "Service", *, yes: bool) -> int:
    if not unit.is_installed():
        screen.say(f"· nothing to take back: there is no {unit.path}", "muted")
        return Exit.NOTHING
    if not yes and not agreed(f"Stop the sensor and remove {unit.path}?"):
        return Exit.WITHIN_POLICY
    unit.uninstall()
    screen.say("✓ stopped and removed; the ledger stays", "success")
    return Exit.WITHIN_POLICY
