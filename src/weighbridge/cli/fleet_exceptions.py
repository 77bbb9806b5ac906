"""`wb fleet exceptions`: who is excepted from what until when; deciding about it; what people sign of it."""

from typing import TYPE_CHECKING

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.fleet.exceptions import Excepted

_DECISIONS = {"grant": "granted", "refuse": "refused", "withdraw": "withdrawn"}


@click.command("exceptions", short_help="Show, grant, refuse, withdraw and renew exceptions; write what people sign.")
@click.argument("exception", required=False, metavar="[ID]")
@click.option("--grant", "what", flag_value="grant", help="Grant it. Who asked does not decide.")
@click.option("--refuse", "what", flag_value="refuse", help="Refuse it; needs --reason.")
@click.option("--withdraw", "what", flag_value="withdraw", help="End it now; needs --reason.")
@click.option("--renew", "what", flag_value="renew", help="Ask for the same once more.")
@click.option("--undo", "what", flag_value="undo", help="Take the last decision back.")
@click.option("--reason", default="", help="Why, for those who come after.")
@click.option("--days", type=click.IntRange(1, 366), help="For how long; at most as long as was asked for.")
@click.option("--sign", "output", metavar="FILE", help="Write what people sign now, and what it says beside it.")
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@with_fleet
def command(
    screen: Screen,
    fleet: Fleet,
    exception: str | None,
    what: str | None,
    reason: str,
    days: int | None,
    output: str | None,
    format_name: str,
) -> int:
    """Show exceptions, or the one called ID with its history; with an option, decide about it.

    Endpoints believe what enough people signed: --sign writes it, `wb fleet policy sign` signs it where the keys are,
    and `wb fleet policy publish` gives it to every endpoint with its next message. `wb fleet except` asks for one.
    """
    from weighbridge.cli.fleet_ruling_words import exception_state, write_ruling
    from weighbridge.fleet import ruling_signing
    from weighbridge.sync.rulings import EXCEPTIONS

    if output is not None:
        made = fleet.write(lambda connection, now: ruling_signing.make(connection, now, EXCEPTIONS))
        write_ruling(screen, made, output)
        return Exit.WITHIN_POLICY
    if what is None:
        _show(screen, fleet, exception, format_name)
        return Exit.WITHIN_POLICY
    if exception is None:
        raise click.UsageError(f"--{what} needs the ID of an exception; `wb fleet exceptions` lists them")
    done = fleet.write(lambda connection, now: _decide(connection, now, exception, what, reason, days))
    screen.say(f"✓ {done.exception_id} is {exception_state(done, fleet.now)}: {done.what}", "success")
    return Exit.WITHIN_POLICY


def _decide(connection: "Connection", now: int, exception: str, what: str, reason: str, days: int | None) -> "Excepted":
    from weighbridge.fleet import exception_asking, exception_deciding

    if what == "renew":
        return exception_asking.renew(connection, now, None, exception, days or 30, reason)
    if what == "undo":
        return exception_deciding.undo(connection, now, None, exception)
    return exception_deciding.decide(connection, now, None, exception, _DECISIONS[what], reason, days)


def _show(screen: Screen, fleet: Fleet, exception: str | None, format_name: str) -> None:
    from weighbridge.cli.fleet_ruling_words import as_json, exception_state, role_lines
    from weighbridge.fleet import exceptions, ruling_signing
    from weighbridge.fleet.exception_routes import story
    from weighbridge.fleet.permissions import EVERYTHING
    from weighbridge.report.escape import visible

    if exception is not None:
        found = fleet.read(lambda connection: story(connection, EVERYTHING, exception))
        if format_name == "json":
            as_json(screen, found)
            return
        screen.data(_line(found.exception, exception_state(found.exception, fleet.now)))
        for step in reversed(found.history):
            screen.data(f"  {step.state:<10}  {visible(step.by_name, 24)}  {visible(step.reason, 200)}\n")
        return
    listed = fleet.read(lambda connection: exceptions.listed(connection, EVERYTHING))
    if format_name == "json":
        as_json(screen, listed)
        return
    screen.data("".join(_line(one, exception_state(one, fleet.now)) for one in listed) or "no exceptions\n")
    roles = fleet.read(lambda connection: ruling_signing.states(connection, fleet.now))
    screen.data("".join(f"{line}\n" for line in role_lines([one for one in roles if one.role == "exceptions"])))


def _line(one: "Excepted", state: str) -> str:
    from datetime import UTC, datetime

    from weighbridge.report.escape import visible

    where = visible(f"{one.scope} {one.scope_of}".strip(), 40)
    ends = f"{one.days} days"
    if one.until_at is not None:
        ends = f"until {datetime.fromtimestamp((one.until_at - 1) / 1000, UTC):%Y-%m-%d}"
    return (
        f"{one.exception_id}  {state}, {ends}\n"
        f"  {visible(one.what, 120)}, {where}; {visible(one.owner, 40)} answers for it: {visible(one.reason, 200)}\n"
    )
