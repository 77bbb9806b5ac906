"""Asking the hub what it revoked: the newest answer that its key signed counts, and nothing else changes what is kept.

The key is learned once, from the first answer or from whoever runs the hub; another one is never taken over by itself.
An answer that is older than the last, or made at another time than now, is refused: somebody shows an old one.
"""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from weighbridge.host.durable import BusyError
from weighbridge.host.fleet_http import FleetClient
from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import moment, timestamp
from weighbridge.ledger.errors import unwritable
from weighbridge.ledger.note_keys import PublicKey
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_access import FOLDER, HubAccess, hub_client, kept_access
from weighbridge.pipeline.hub_catalog import decoded
from weighbridge.pipeline.hub_feed import DamagedFeedError, KeptFeed, is_of_own_fleet, keep_feed, kept_feed
from weighbridge.pipeline.hub_listing import asked
from weighbridge.sync.catalog_feed import FEED_PATH, Said, SignedFeed, opened
from weighbridge.sync.plan import REGULAR_SECONDS

_LOCK = "feed-lock"
_NOW = timedelta(days=1)
"""How far the clocks of a hub and a machine may be apart."""


def refresh(machine: Machine, access: HubAccess, client: FleetClient, *, key: str = "") -> KeptFeed:
    """Ask a hub, and return what is kept then; `reason` says why nothing came of it.

    Args:
        machine: this machine.
        access: which hub, and who asks.
        client: the way to it.
        key: whose signature counts from now on, as whoever runs the hub gave it; empty: that of before.

    Raises:
        WeighbridgeError: `E-hub-key` for a text that is no key; `E-ledger-write`.
    """
    if key:
        catalog_key(key)
    try:
        lock = machine.durable_folder(FOLDER).lock(_LOCK)
    except BusyError:
        return _before(machine, access, key)  # whoever holds it asks right now
    except OSError as error:
        raise unwritable(error) from error
    try:
        kept = _before(machine, access, key)
        try:
            found = _taken(machine, kept, client, access)
        except WeighbridgeError as error:
            found = replace(
                kept, tried_at=timestamp(machine.now()), reason=error.message.removeprefix(f"{access.url}: ")[:300]
            )
        keep_feed(machine, found)
        return found
    finally:
        lock.close()


def refresh_if_set_up(machine: Machine, access: HubAccess, client: FleetClient) -> KeptFeed | None:
    """The same where this person set this very hub up; None where they did not, or the fleet's people speak for it.

    Raises WeighbridgeError: as `refresh`, `E-fleet-state`.
    """
    kept = kept_access(machine)
    if kept is None or kept.url != access.url or is_of_own_fleet(machine, access.url):
        return None
    return refresh(machine, access, client)


def refresh_when_due(machine: Machine) -> bool:
    """The same for who watches: not more often than a fleet is told something. What fails is kept, and said by others.

    Returns whether the hub says something else than before.
    """
    try:
        before, access = _kept(machine), kept_access(machine)
        tried = None if before is None else moment(before.tried_at)
        if access is None or (tried and abs((machine.now() - tried).total_seconds()) < REGULAR_SECONDS * 0.9):
            return False
        client = hub_client(access)
        try:
            now = refresh_if_set_up(machine, access, client)
        finally:
            client.close()
    except WeighbridgeError:
        return False
    return now is not None and now.sha256 != (before.sha256 if before is not None else "")


def _kept(machine: Machine) -> KeptFeed | None:
    try:
        return kept_feed(machine)
    except DamagedFeedError:
        return None


def _before(machine: Machine, access: HubAccess, key: str) -> KeptFeed:
    """Return what is kept of this hub under this key; nothing but the key where it is another."""
    kept = _kept(machine)
    if kept is None or kept.hub != access.url or (key and key != kept.key):
        return KeptFeed(hub=access.url, key=key)
    return kept


def _taken(machine: Machine, kept: KeptFeed, client: FleetClient, access: HubAccess) -> KeptFeed:
    known = f"?have={kept.sha256}" if kept.sha256 else ""
    answer = decoded(asked(client, FEED_PATH + known, access).body, SignedFeed)
    key = catalog_key(kept.key or answer.key)
    try:
        said = opened(answer, key, kept.sha256)
    except ValueError as error:
        raise _refused(str(error)) from None
    now = machine.now()
    _check_time(said, kept, now)
    at = timestamp(now)
    new = replace(kept, key=key.text, at=said.at, refreshed_at=at, tried_at=at, reason="")
    if said.feed is None:
        return new
    return replace(new, sha256=said.sha256, revoked=said.feed.revoked, deprecated=said.feed.deprecated)


def _check_time(said: Said, kept: KeptFeed, now: datetime) -> None:
    try:
        made = datetime.fromtimestamp(said.at / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise _refused("was made at no time") from None
    if said.at <= kept.at:
        raise _refused(f"is of {made:%Y-%m-%d %H:%M:%S} UTC, and no newer than the last one")
    if abs(made - now) > _NOW:
        raise _refused(f"was made on {made:%Y-%m-%d} by the hub's clock, which is not now")


def catalog_key(text: str) -> PublicKey:
    """Return the key of a text. Raises WeighbridgeError `E-hub-key`."""
    try:
        return PublicKey.parse(text)
    except ValueError as error:
        raise WeighbridgeError(
            "E-hub-key",
            f"this is no key of a catalog: {str(error)[:100]}",
            "whoever runs the hub knows it; it begins with weighbridge/catalog/",
        ) from None


def _refused(why: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-hub-key",
        f"its answer {why}",
        "ask who runs the hub; if it has another key now: wb hub setup URL --catalog-key KEY",
        exit_code=1,
    )
