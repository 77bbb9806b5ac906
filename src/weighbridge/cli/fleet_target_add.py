"""`wb fleet target add`: add a target."""

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.fleet_target_named import moment_of, secret_of, text_of
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("add", short_help="Add a target: what is sent where.")
@click.argument("name")
@click.argument("kind")
@click.argument("address", required=False)
@click.option("--address-env", metavar="VARIABLE", help="Holds the address, where that is a secret (chat).")
@click.option("--secret-env", metavar="VARIABLE", help="Holds the token or key.")
@click.option("--secret-file", metavar="FILE", help="Holds the token or key.")
@click.option("--authorities", metavar="FILE", help="Certificates (PEM) that are trusted instead of the system's.")
@click.option("--event-format", type=click.Choice(["ocsf", "ecs"]), help="Of the events, where there is a choice.")
@click.option("--topic", "topics", multiple=True, type=click.Choice(["record", "finding", "decision"]))
@click.option("--severity", type=click.Choice(["info", "low", "medium", "high", "critical"]), help="The least.")
@click.option(
    "--digest", "digest_minutes", type=click.IntRange(0, 10_080), metavar="MINUTES", help="Chat: put together."
)
@click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="As `kinds` lists them.")
@click.option("--since", metavar="DATE", help="Send what is there from then on; else what comes from now on.")
@with_fleet
def command(
    screen: Screen,
    fleet: Fleet,
    name: str,
    kind: str,
    address: str | None,
    address_env: str | None,
    secret_env: str | None,
    secret_file: str | None,
    authorities: str | None,
    event_format: str | None,
    topics: tuple[str, ...],
    severity: str | None,
    digest_minutes: int | None,
    options: tuple[str, ...],
    since: str | None,
) -> int:
    """Add a target of a KIND (`wb fleet target kinds`) that is called NAME.

    A webhook without a secret is given one, which is printed this once. Secrets come from a variable or a file, never
    from the command line, which every user of the machine can read.
    """
    import msgspec

    from weighbridge.fleet import export_changes
    from weighbridge.fleet.new_target import NewTarget
    from weighbridge.fleet.target_registry import TARGETS
    from weighbridge.policy.nearest import did_you_mean

    if kind not in TARGETS:
        raise WeighbridgeError("E-export", f"there is no kind of target called {kind}", did_you_mean(kind, TARGETS))
    said = {
        "name": name,
        "kind": kind,
        "address": secret_of(address_env, None) if address_env else address or "",
        "secret": secret_of(secret_env, secret_file),
        "authorities": text_of(authorities) if authorities else "",
        "format": event_format or "",
        "topics": list(topics),
        "severity": severity or "",
        "digest_minutes": digest_minutes or 0,
        "options": _options(options),
        "since": None if since is None else moment_of(since, fleet.now),
    }
    try:
        wanted = msgspec.convert(said, NewTarget)
    except msgspec.ValidationError as error:
        hint = f"an address looks like {TARGETS[kind].address}"
        raise WeighbridgeError("E-export", f"this is no target: {error}", hint) from None
    made = export_changes.made_secret(wanted)
    shown = fleet.write(lambda c, now: export_changes.add(c, now, None, wanted, made or wanted.secret))
    if made:
        screen.data(f"{made}\n")
        screen.say("· the key of its signatures, printed this once; the receiver needs it", "hint")
    screen.say(f"✓ {shown.kind}  {shown.name}   {shown.address}   ({shown.target_id})", "success")
    screen.say(f"→ try it   wb fleet target test {shown.target_id}", "hint")
    return Exit.WITHIN_POLICY


def _options(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals:
            raise WeighbridgeError("E-usage", f"--option {one}", "write it like --option project=SEC")
        found[key] = value
    return found
