"""`wb fleet except`: ask for an exception."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_policy_store import Fleet, with_fleet
from weighbridge.cli.screen import Screen


@click.command("except", short_help="Ask for an exception from a rule or a check; somebody else grants it.")
@click.option("--rule", default="", metavar="ID", help="From this rule of the policy (`warn-review`).")
@click.option("--check", default="", metavar="ID", help="Or from the findings of this check (`custom-code`).")
@click.option("--model", default="", metavar="SHA256", help="For this model.")
@click.option("--runtime", default="", metavar="NAME", help="Or for this runtime (`ollama`).")
@click.option("--endpoint", metavar="ID", help="On this endpoint.")
@click.option("--group", metavar="NAME", help="Or on the endpoints of this group.")
@click.option("--everywhere", is_flag=True, help="Or in the whole fleet.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="For how long.")
@with_fleet
def command(
    screen: Screen,
    fleet: Fleet,
    rule: str,
    check: str,
    model: str,
    runtime: str,
    endpoint: str | None,
    group: str | None,
    everywhere: bool,
    owner: str,
    reason: str,
    days: int,
) -> int:
    """Ask for a rule, or a check, not to count for one thing until a day.

    Nothing changes until somebody else grants it: `wb fleet exceptions`, or the console. It always ends. Nobody is
    excepted from a revocation, nor for what attacks.
    """
    from weighbridge.fleet.exception_asking import Asking, ask

    places = [("endpoint", endpoint), ("group", group), ("fleet", "" if everywhere else None)]
    chosen = [(scope, name) for scope, name in places if name is not None]
    if len(chosen) != 1:
        raise click.UsageError("say where, once: --endpoint ID, --group NAME or --everywhere")
    scope, scope_of = chosen[0]
    asked = Asking(
        rule=rule,
        check_id=check,
        sha256=model,
        thing=runtime,
        scope=scope,
        scope_of=scope_of,
        owner=owner,
        reason=reason,
        days=days,
    )
    made = fleet.write(lambda connection, now: ask(connection, now, None, asked))
    screen.data(f"{made.exception_id}\n")
    screen.say(f"✓ asked for {days} days; it changes nothing until somebody else grants it", "success")
    screen.say(f"→ decide   in the console, /exceptions/{made.exception_id}", "hint")
    return Exit.WITHIN_POLICY
