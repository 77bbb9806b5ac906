"""`wb fleet policy go-on`: let a halted roll-out go on."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import WHO, Fleet, reason_option, with_fleet
from weighbridge.cli.screen import Screen


@click.command("go-on", short_help="Let a halted roll-out go on.")
@reason_option
@with_fleet
def command(screen: Screen, fleet: Fleet, reason: str) -> int:
    """Let a roll-out go on that was halted: its ring begins anew, and what is denied by now counts as looked at."""
    from sqlalchemy import Connection

    from weighbridge.fleet import audit, policy_rings

    def job(connection: Connection, now: int) -> policy_rings.Rollout:
        found = policy_rings.go_on(connection, now, WHO, reason)
        audit.note(connection, now, None, "policy.go-on", str(found.number), {"reason": reason})
        return found

    found = fleet.write(job)
    screen.say(f"✓ the roll-out of policy {found.number} is going on", "success")
    return Exit.WITHIN_POLICY
