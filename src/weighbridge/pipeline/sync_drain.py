"""Sending until the server has everything: what `wb sync` does once, and the helper of `wb watch` again and again."""

from collections.abc import Callable, Iterator

from weighbridge.host.fleet_http import FleetClient
from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import held_now
from weighbridge.pipeline.fleet_rulings import held_numbers
from weighbridge.pipeline.membership import FleetFolder, Membership, not_enrolled
from weighbridge.pipeline.policy_update import is_due, update_policy
from weighbridge.pipeline.sync import Attempt, Syncing
from weighbridge.sync.policy_updates import held_text
from weighbridge.sync.rulings import numbers_text

_LONGEST_PAUSE = 30.0
"""Seconds that are waited between two messages; after more than that, the rest is for another time."""


def client_of(url: str, *, authorities: str | None = None, proxy: str | None = None) -> FleetClient:
    """Return the way to a server.

    Raises:
        WeighbridgeError: `E-fleet-address`.
    """
    try:
        return FleetClient(url, authorities=authorities, proxy=proxy)
    except ValueError as error:
        raise WeighbridgeError(
            "E-fleet-address",
            f"{url} {error}" if str(error).startswith(("is ", "has ")) else str(error),
            "write it like https://fleet.example.com",
        ) from None


def member(machine: Machine) -> Membership:
    """Return the fleet that this machine belongs to. Raises `E-not-enrolled`, `E-fleet-state`."""
    found = FleetFolder(machine).membership()
    if found is None:
        raise not_enrolled()
    return found


def drain(machine: Machine, wait: Callable[[float], None], *, most_seconds: float = 3600.0) -> Iterator[Attempt]:
    """Send message after message, as fast as the server wants them, and yield what came of each.

    It ends when the server has everything, when it or the way to it fails, and when the time is up. Where the server
    names another policy for this machine, that comes along (`policy_update`).

    Args:
        machine: this machine.
        wait: waits for so many seconds.
        most_seconds: after which no further message is begun.

    Raises:
        WeighbridgeError: `E-not-enrolled`, `E-sync-busy`, or what is wrong with ledger or state folder.
    """
    membership = member(machine)
    folder = FleetFolder(machine)
    until = machine.monotonic() + most_seconds
    client = client_of(membership.url, authorities=membership.authorities, proxy=membership.proxy)
    lock, refreshed = folder.lock(), False
    try:
        syncing = Syncing(
            machine,
            folder,
            membership,
            client,
            policy=lambda: _policy(machine),
            rulings=lambda: numbers_text(held_numbers(machine)),
        )
        while True:
            attempt = syncing.once()
            new = attempt.policy, attempt.rulings, attempt.catalog
            if not attempt.code and not refreshed and is_due(machine, *new):
                refreshed = True
                update_policy(machine, client, attempt.policy)
            yield attempt
            if not attempt.again or attempt.pause > _LONGEST_PAUSE or machine.monotonic() + attempt.pause > until:
                return
            wait(attempt.pause)
    finally:
        lock.close()
        client.close()


def _policy(machine: Machine) -> str:
    held = held_now(machine)
    return held_text(held.number, held.code)
