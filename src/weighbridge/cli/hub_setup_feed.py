"""What commands say of the hub's word on revoked models: whose signature counts, and what came of asking."""

from typing import TYPE_CHECKING

from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.host.fleet_http import FleetClient
    from weighbridge.host.machine import Machine
    from weighbridge.pipeline.hub_access import HubAccess
    from weighbridge.pipeline.hub_feed import KeptFeed


def check_key(key: str) -> None:
    """Raise WeighbridgeError `E-hub-key` for a text that is no key, before anything is changed."""
    from weighbridge.pipeline.hub_feed_update import catalog_key

    if key:
        catalog_key(key)


def learn_key(screen: Screen, machine: "Machine", access: "HubAccess", key: str) -> None:
    """Have this machine know whose word counts, and what is revoked; a hub that cannot be reached is asked later.

    Args:
        screen: to say it on.
        machine: this machine.
        access: the hub that was set up.
        key: whose signature counts, if a person gave it; empty: the first that the hub shows.
    """
    from weighbridge.pipeline.hub_access import hub_client
    from weighbridge.pipeline.hub_feed import is_of_own_fleet
    from weighbridge.pipeline.hub_feed_update import refresh
    from weighbridge.report.escape import visible

    if is_of_own_fleet(machine, access.url):
        return  # the fleet's people sign what is revoked
    client = hub_client(access)
    try:
        fed = refresh(machine, access, client, key=key)
    finally:
        client.close()
    if fed.reason:
        _say_failed(screen, fed)
        return
    screen.say(f"✓ revoked models: {visible(feed_words(fed), 200)}", "success")
    said = "as you gave it" if key else "as the hub showed it; whoever runs the hub can say whether it is theirs"
    screen.say(f"  believed when signed by {visible(fed.key, 200)}, {said}", "muted")


def ask_what_was_revoked(screen: Screen, machine: "Machine", access: "HubAccess", client: "FleetClient") -> None:
    """Ask the hub beside what it is asked for anyway, where this person set it up. Nothing stops for it."""
    from weighbridge.pipeline.hub_feed_update import refresh_if_set_up

    try:
        fed = refresh_if_set_up(machine, access, client)
    except WeighbridgeError as error:
        screen.say(f"! revoked models: {error.message}", "warning")
        return
    if fed is not None and fed.reason:
        _say_failed(screen, fed)


def feed_words(fed: "KeptFeed") -> str:
    """Return what a hub said last, for people: `3 revoked, 1 deprecated`."""
    from weighbridge.pipeline.hub_feed import stale_words

    said = f"{len(fed.revoked):,} revoked, {len(fed.deprecated):,} deprecated"
    return f"{said}; {stale_words(fed)}" if fed.reason else said


def _say_failed(screen: Screen, fed: "KeptFeed") -> None:
    from weighbridge.pipeline.hub_feed import stale_words
    from weighbridge.report.escape import visible

    screen.say(f"! {visible(stale_words(fed), 500)}", "warning")
    screen.say("  what is kept stays in force; `wb hub setup --status` asks again", "muted")
