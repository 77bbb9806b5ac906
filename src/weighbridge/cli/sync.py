"""`wb sync`: send what was recorded to the fleet, once."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.options import quiet_option
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

_HINTS = {
    "approval": "somebody at the fleet must approve this machine first",
    "forked": "a copy of this machine runs; an administrator of the fleet can let one of the two go on",
    "revoked": "`wb enroll --leave` forgets this fleet",
    "signature": "if a copy of this machine goes on in its place: `wb enroll --leave`, then enroll anew",
    "unknown": "`wb enroll --leave`, then enroll anew: the server does not know this machine",
    "unreachable": "nothing is lost: it is sent when the server is there again",
    "version": "bring Weighbridge here, or on the server, to the same release",
}


@click.command("sync", short_help="Send what was recorded to the fleet now.")
@click.option("--helper", is_flag=True, hidden=True)
@quiet_option
@click.pass_obj
def command(screen: Screen, helper: bool, quiet: bool) -> int:
    """Send the signed records that the fleet's server does not have yet, until it has all of them.

    `wb watch` does so by itself. Records of the last minute of a running `wb watch` follow with its next checkpoint.
    """
    screen.quiet = quiet
    if helper:
        return _help(screen)
    from time import sleep

    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.sync_drain import drain, member

    machine = RealMachine()
    membership = member(machine)
    sent = 0
    attempt = None
    for attempt in drain(machine, sleep):
        sent += attempt.sent
        if attempt.again and attempt.sent:
            screen.say(f"· {sent:,} records sent, {attempt.waiting or 0:,} wait", "muted")
    if attempt is None or attempt.code or attempt.again:
        code = "busy" if attempt is None or not attempt.code else attempt.code
        reason = attempt.reason if attempt is not None and attempt.reason else "the server wants the rest later"
        raise WeighbridgeError(
            "E-sync-failed",
            f"{membership.url}: {reason}",
            _HINTS.get(code, "nothing is lost: it is sent again later"),
            exit_code=1,
        )
    screen.say(f"✓ {membership.url} has every signed record of this machine ({sent:,} sent now)", "success")
    return Exit.WITHIN_POLICY


def _help(screen: Screen) -> int:
    """Answer requests of `wb watch` on stdin until it ends."""
    import json
    import sys
    from time import sleep

    from weighbridge.host.helper import end_with_parent, lower_own_priority
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.sync_help import answer

    end_with_parent()
    lower_own_priority()
    for _line in sys.stdin:
        for said in answer(RealMachine(), sleep):
            screen.data(json.dumps(said) + "\n")
    return Exit.WITHIN_POLICY
