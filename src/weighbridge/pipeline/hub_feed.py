"""What the hub of this person last said of single models, kept for runs without a network: revoked, deprecated.

One file beside how the hub is reached, `hub-access/revocations.json`, written by `hub_feed_update.py` once a signature
held. On a machine of the fleet whose hub it is nothing of it counts: what people signed does (`fleet_rulings.py`).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import moment
from weighbridge.ledger.errors import unwritable
from weighbridge.model.source import LimitReached
from weighbridge.pipeline.hub_access import FOLDER
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.policy.policy import Policy
from weighbridge.policy.rulings import Deprecation, Revocation, Rulings
from weighbridge.sync.catalog_feed import DeprecatedModel
from weighbridge.sync.rulings import RevokedModel

FILE = "revocations.json"
_LARGEST = 32 << 20
_FRESH = timedelta(days=1)
"""How old the hub's word may be before that is said."""


class KeptFeed(Struct, frozen=True, kw_only=True):
    """What the file says."""

    hub: str
    """Address of the hub that it is of."""
    key: str = ""
    """Whose signature counts; empty until the hub was reached for the first time."""
    at: int = 0
    """When the newest answer was made, by the hub's clock: milliseconds since 1970; 0 for none yet."""
    sha256: str = ""
    """Of the feed as it was signed."""
    revoked: tuple[RevokedModel, ...] = ()
    deprecated: tuple[DeprecatedModel, ...] = ()
    refreshed_at: str = ""
    """By this machine's clock."""
    tried_at: str = ""
    reason: str = ""
    """Why the last try failed; empty if it did not."""

    @property
    def host(self) -> str:
        """The hub as people call it."""
        return urlsplit(self.hub).netloc or self.hub


class DamagedFeedError(ValueError):
    """The file cannot be read."""


def kept_feed(machine: Machine) -> KeptFeed | None:
    """Return what is kept; None if there is nothing. Raises DamagedFeedError."""
    try:
        return msgspec.json.decode(machine.durable_folder(FOLDER).read(FILE, _LARGEST), type=KeptFeed)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, LimitReached, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedFeedError(str(error)[:100]) from None


def keep_feed(machine: Machine, kept: KeptFeed) -> None:
    """Keep what a hub said. Raises WeighbridgeError `E-ledger-write`."""
    try:
        machine.durable_folder(FOLDER).replace({FILE: msgspec.json.encode(kept)})
    except OSError as error:
        raise unwritable(error) from error


def feed_mark(machine: Machine) -> str:
    """Return what tells one state of what is kept from another that means something else; empty for none."""
    try:
        kept = kept_feed(machine)
    except DamagedFeedError as error:
        return str(error)
    return "" if kept is None else f"{kept.hub} {kept.sha256} {stale_words(kept, machine.now())}"


def is_of_own_fleet(machine: Machine, hub: str) -> bool:
    """Tell whether a hub is that of the fleet which this machine belongs to. Raises `E-fleet-state`."""
    membership = FleetFolder(machine).membership()
    return membership is not None and membership.url == hub


def with_feed(machine: Machine, policy: Policy) -> Policy:
    """Return a policy, whichever it is, with what the hub forbids, beside what a fleet decided. Raises `E-fleet-state`.

    Of a digest that both name, the fleet's people are quoted.
    """
    try:
        kept = kept_feed(machine)
    except DamagedFeedError:
        kept = None
        stale = "what the hub revoked cannot be read on this machine, and is asked for anew"
    else:
        stale = "" if kept is None else stale_words(kept, machine.now())
    if kept is not None and is_of_own_fleet(machine, kept.hub):
        return policy
    before = policy.rulings or Rulings()
    revoked = {} if kept is None else {one.sha256: _revocation(one, kept.host) for one in kept.revoked}
    deprecated = {} if kept is None else {one.sha256: _deprecation(one) for one in kept.deprecated}
    found = replace(before, revoked={**revoked, **before.revoked}, deprecated=deprecated, stale=stale)
    return replace(policy, rulings=found) if found or stale else policy


def stale_words(kept: KeptFeed, now: datetime | None = None) -> str:
    """Return what to know where nobody here can know what the hub revoked meanwhile; empty if all is well.

    Args:
        kept: what the hub said.
        now: the time, for an answer that is merely old.
    """
    refreshed = moment(kept.refreshed_at)
    if refreshed is None:
        why = f": {kept.reason}" if kept.reason else ""
        return f"what {kept.host} revoked is not known on this machine yet{why}"
    since = f"{refreshed:%Y-%m-%d %H:%M} UTC"
    if kept.reason:
        return f"what {kept.host} revoked could not be refreshed since {since}: {kept.reason}"
    if now is not None and abs(now - refreshed) > _FRESH:
        return f"what {kept.host} revoked was last asked for on {since}"
    return ""


def _revocation(one: RevokedModel, host: str) -> Revocation:
    by = f"{one.by} at {host}"
    return Revocation(sha256=one.sha256, reason=one.reason, by=by, at=one.at, replacement=one.replacement)


def _deprecation(one: DeprecatedModel) -> Deprecation:
    return Deprecation(model=one.model, reason=one.reason, at=one.at, replacement=one.replacement)
