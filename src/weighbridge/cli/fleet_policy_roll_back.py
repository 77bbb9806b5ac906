"""`wb fleet policy roll-back`: give what an earlier policy says a new number, and write what people sign."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import (
    WHO,
    Fleet,
    number_argument,
    output_option,
    reason_option,
    with_fleet,
    write_to_sign,
)
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command("roll-back", short_help="Give what an earlier policy says a new number, and write what people sign.")
@number_argument
@reason_option
@output_option
@with_fleet
def command(screen: Screen, fleet: Fleet, number: int, reason: str, output: str | None) -> int:
    """Take policy NUMBER again, under the next number: endpoints never go back to a lower one.

    People sign it like any other; nobody who took the server over can bring an old policy back. To reach everybody at
    once, publish it with `--ring 100:0`.
    """
    from weighbridge.fleet import audit, policy_versions

    files = fleet.read(lambda connection: policy_versions.files(connection, number))
    tried = policy_versions.checked(files)

    def job(connection: "Connection", now: int) -> policy_versions.Version:
        made = policy_versions.upload(connection, now, WHO, files, tried=tried, note=reason, again_of=number)
        audit.note(connection, now, None, "policy.again", str(made.number), {"of": number, "reason": reason})
        return made

    made = fleet.write(job)
    text = fleet.read(lambda connection: policy_versions.to_sign(connection, made.number, fleet.now))
    screen.say(f"✓ policy {made.number} says what policy {number} said: {made.title}", "success")
    write_to_sign(screen, output or f"policy-{made.number}.sign.json", text)
    return Exit.WITHIN_POLICY
