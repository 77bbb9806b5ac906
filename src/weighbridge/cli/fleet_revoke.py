"""`wb fleet revoke`: revoke a model everywhere, after seeing what that touches; or take it back."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.fleet.revocation_touch import Touched


@click.command("revoke", short_help="Revoke a model everywhere, after seeing what that touches; or take it back.")
@click.argument("sha256")
@click.option("--reason", metavar="TEXT", help="Why; whoever meets the refusal reads it. Without it, only look.")
@click.option("--replacement", default="", metavar="TEXT", help="What to use instead: a name or a SHA-256.")
@click.option("--lift", is_flag=True, help="Take the revocation back.")
@click.option("--yes", is_flag=True, help="Do it; without, only show what it touches.")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_fleet
def command(
    screen: Screen,
    fleet: Fleet,
    sha256: str,
    reason: str | None,
    replacement: str,
    lift: bool,
    yes: bool,
    format_name: str,
) -> int:
    """Show every endpoint, process and person that the model SHA256 reached; with --reason and --yes, revoke it.

    The server says so at once. Endpoints refuse the model when enough people have signed that, or at once where people
    named the server's own key for it: `wb fleet revocations --sign FILE`.
    """
    from weighbridge.cli.fleet_ruling_words import as_json, touched_lines
    from weighbridge.fleet import revocations, ruling_signing
    from weighbridge.fleet.permissions import EVERYTHING
    from weighbridge.fleet.revocation_touch import touched

    found = fleet.read(lambda connection: touched(connection, EVERYTHING, sha256))
    if format_name == "text":
        screen.data("".join(f"{line}\n" for line in touched_lines(found)))
    if reason is None:
        if format_name == "json":
            as_json(screen, found)
        screen.say(_how(found), "hint")
        return Exit.WITHIN_POLICY
    if not yes:
        raise WeighbridgeError("E-usage", "nothing was changed yet", "look at what it touches, then add --yes")

    def job(connection: "Connection", now: int) -> "tuple[Touched, int]":
        if lift:
            revocations.lift(connection, now, None, found.sha256, reason)
            return touched(connection, EVERYTHING, found.sha256), 0
        revocations.revoke(connection, now, None, found.sha256, reason, replacement)
        number = ruling_signing.hurry(connection, now)
        return touched(connection, EVERYTHING, found.sha256), number

    after, hurried = fleet.write(job)
    if format_name == "json":
        as_json(screen, after)
    said = "the revocation is taken back here" if lift else f"revoked; findings stand on {after.endpoints:,} endpoints"
    screen.say(f"✓ {said.replace(' 1 endpoints', ' 1 endpoint')}", "success")
    if hurried:
        screen.say("✓ the server's own key signed it: endpoints refuse it with their next message", "success")
    elif not lift or after.history[0].settled_at is None:
        screen.say("→ endpoints  wb fleet revocations --sign revocations.sign.json   (people sign it there)", "hint")
    return Exit.WITHIN_POLICY


def _how(found: "Touched") -> str:
    if found.revocation is not None:
        return f"· it is revoked; to take that back: wb fleet revoke {found.sha256} --lift --reason TEXT --yes"
    return f"→ revoke   wb fleet revoke {found.sha256} --reason TEXT --replacement NAME --yes"
