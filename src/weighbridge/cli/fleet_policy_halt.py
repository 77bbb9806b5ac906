"""`wb fleet policy halt`: give a policy to no further endpoint."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import WHO, Fleet, reason_option, with_fleet
from weighbridge.cli.screen import Screen


@click.command("halt", short_help="Give a policy to no further endpoint.")
@reason_option
@with_fleet
def command(screen: Screen, fleet: Fleet, reason: str) -> int:
    """Give the policy that is being rolled out to no further endpoint. Who has it keeps it; `roll-back` replaces it."""
    from sqlalchemy import Connection

    from weighbridge.fleet import audit, policy_rings

    def job(connection: Connection, now: int) -> policy_rings.Rollout:
        found = policy_rings.halt(connection, now, WHO, reason)
        audit.note(connection, now, None, "policy.halt", str(found.number), {"reason": reason})
        return found

    found = fleet.write(job)
    screen.say(f"✓ the roll-out of policy {found.number} is halted: no further endpoint gets it", "success")
    return Exit.WITHIN_POLICY
