"""Bringing the policy of the fleet up to date: asks the server for files, believes what enough people signed.

Whatever a server answers, the last good policy stays in force until a newer one is whole, signed and readable. A policy
never goes back to a lower number: an earlier one that is wanted again comes under a higher number.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Protocol

from weighbridge.host.fleet_http import HttpError, HttpReply, TooLargeError
from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import moment
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import NAME, Held, PolicyFolder
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.sync.judging import LARGEST_METADATA, OVERSIZED, RefusalError, Wanted
from weighbridge.sync.policy_bundle import files_of, unpacked
from weighbridge.sync.policy_updates import PATH, ROOT, Refreshed, Signed, bundle_wanted, checked_root, held_of, refresh
from weighbridge.sync.rulings import CATALOG, numbers_of

REFRESH_SECONDS = 6 * 3600.0
"""After how long the server's word is asked for again, though it names no other policy."""


class Fetching(Protocol):
    """The way to the server: `host.fleet_http.FleetClient`."""

    def get(self, path: str, limit: int) -> HttpReply:
        """Send one GET. Raises `HttpError`."""
        ...


def pin(machine: Machine, fetching: Fetching, root: bytes | None = None) -> str:
    """Learn whose signatures count, once: from a file that somebody brought, else from the server at enrollment.

    Args:
        machine: this machine.
        fetching: the way to the server.
        root: what somebody brought.

    Returns:
        Who signs what, in words; empty if the fleet has no policies yet, or if it was known before.

    Raises:
        WeighbridgeError: `E-policy-signatures`: it does not hold; `E-enroll-unreachable`.
    """
    folder = PolicyFolder(machine)
    if root is None:
        if ROOT in folder.metadata():
            return ""
        try:
            # The first one: later ones are believed because it, or one between, vouches for them.
            root = _fetched(fetching, Wanted(name="1.root.json", limit=LARGEST_METADATA))
        except HttpError as error:
            raise WeighbridgeError(
                "E-enroll-unreachable",
                f"the server does not say whose policies count: {error}",
                "run the same command again; it changes nothing else",
                exit_code=1,
            ) from None
        if root is None:
            return ""
    try:
        said = checked_root(root)
    except RefusalError as refused:
        raise WeighbridgeError(
            "E-policy-signatures",
            f"the root of the fleet's policies does not hold: {refused.reason}",
            "ask an administrator of the fleet for the right one",
            exit_code=1,
        ) from None
    folder.pin(root)
    return said


def is_due(machine: Machine, wanted: str, rulings: str = "", catalog: int = 0) -> bool:
    """Tell whether to refresh: the server names a policy that is not in force, or its word is old.

    Args:
        machine: this machine.
        wanted: `Synced.policy_version`.
        rulings: `Synced.rulings`.
        catalog: `Synced.catalog`.
    """
    folder = PolicyFolder(machine)
    held = folder.state()
    number, _ = held_of(wanted)
    if number and number != _numbers(folder)[0]:  # the file itself is asked: it may be damaged, or taken away
        return True
    named = {role: newest for role, newest in (*numbers_of(rulings).items(), (CATALOG, catalog)) if newest}
    if named and _lacks(machine, named):
        return True
    tried = moment(held.tried_at)
    if tried is None:
        return bool(number)
    return abs((machine.now() - tried).total_seconds()) > REFRESH_SECONDS


def _lacks(machine: Machine, named: Mapping[str, int]) -> bool:
    """Tell whether this machine has older rulings of a role than the server names."""
    from weighbridge.pipeline.fleet_rulings import held_numbers  # most fleets have none

    held = held_numbers(machine)
    return any(newest > held.get(role, 0) for role, newest in named.items())


def update_policy(machine: Machine, fetching: Fetching, wanted: str = "") -> Held:
    """Bring the policy up to date, and return what is held then. Whoever calls holds `FleetFolder.lock`.

    Args:
        machine: this machine.
        fetching: the way to the server.
        wanted: the number of the policy that the server has for this machine; only one that people signed counts.

    Raises:
        WeighbridgeError: the state folder cannot be read or written.
    """
    folder = PolicyFolder(machine)
    folder.clean()
    number, newest = _numbers(folder)
    expires = ""
    try:
        refreshed = _conversation(machine, folder, fetching)
        folder.keep(refreshed.keep)
        if refreshed.code:
            raise RefusalError(refreshed.code, refreshed.reason)
        expires = refreshed.expires
        chosen = _chosen(refreshed, number, newest, held_of(wanted)[0])
        bundle = None if chosen is None else _bundle(fetching, chosen)
        rulings = _rulings(machine, folder, fetching, refreshed)
        if bundle is not None or rulings is not None:
            folder.put_in_force(bundle, rulings)
        number = number if chosen is None else chosen.number
    except TooLargeError:
        return folder.say(number, "oversized", "a file is larger than it may be", expires)
    except HttpError as error:
        return folder.say(number, "unreachable", str(error), expires)
    except RefusalError as refused:
        return folder.say(number, refused.code, refused.reason, expires)
    return folder.say(number, expires=expires)


def _conversation(machine: Machine, folder: PolicyFolder, fetching: Fetching) -> Refreshed:
    asking = refresh(folder.metadata(), machine.now())
    try:
        wanted = next(asking)
        while True:
            try:
                content = _fetched(fetching, wanted)
            except TooLargeError:
                content = OVERSIZED
            wanted = asking.send(content)
    except StopIteration as ended:
        refreshed: Refreshed = ended.value
        return refreshed


def _numbers(folder: PolicyFolder) -> tuple[int, int]:
    """Return the number of the policy in force, and the highest there ever was.

    They differ after a crash between the two writes, and where the file was damaged: then the policy comes anew.
    """
    said = folder.state().number
    try:
        bundle = folder.bundle()
    except WeighbridgeError:
        bundle = None
    number = 0 if bundle is None else bundle.number
    return number, max(number, said)


def _chosen(refreshed: Refreshed, number: int, newest: int, wanted: int) -> Signed | None:
    """Return the policy to take; None if the one in force stays. Raises RefusalError."""
    if wanted in (0, number):
        return None
    if wanted < newest:
        raise RefusalError("old", f"the server names policy {wanted}; {newest} was in force")
    found = next((one for one in refreshed.policies if one.number == wanted), None)
    if found is None:
        raise RefusalError("unlisted", f"nobody signed a policy {wanted}")
    return found


def _bundle(fetching: Fetching, chosen: Signed) -> bytes:
    """Return a policy that is whole and can be weighed by. Raises RefusalError, HttpError."""
    from weighbridge.policy.pack import read_policy

    content = _fetched(fetching, bundle_wanted(chosen))
    if content is None or len(content) != chosen.length or sha256(content).hexdigest() != chosen.sha256:
        raise RefusalError("mixed", f"the server has another policy {chosen.number} than the one that was signed")
    try:
        bundle = unpacked(content)
        if bundle.number != chosen.number:
            raise RefusalError("mixed", f"policy {chosen.number} says of itself that it is {bundle.number}")
        read_policy(files_of(bundle), NAME)
    except ValueError as error:
        raise RefusalError("unusable", str(error)) from None
    except WeighbridgeError as error:
        raise RefusalError("unusable", error.message) from None
    return content


def _rulings(machine: Machine, folder: PolicyFolder, fetching: Fetching, refreshed: Refreshed) -> bytes | None:
    """Return the rulings that are to be in force; None if they stay as they are. Raises RefusalError, HttpError."""
    if not refreshed.rulings:
        return None
    from weighbridge.pipeline.fleet_rulings import HeldRulings, read, to_text
    from weighbridge.pipeline.ruling_update import taken

    try:
        before = read(folder.rulings())
    except WeighbridgeError:
        before = HeldRulings(texts={})  # it comes anew
    membership = FleetFolder(machine).membership()
    endpoint_id = "" if membership is None else membership.endpoint_id
    now = taken(before, refreshed.rulings, lambda one: _fetched(fetching, bundle_wanted(one)), endpoint_id)
    return None if now is before else to_text(now)


def _fetched(fetching: Fetching, wanted: Wanted) -> bytes | None:
    reply = fetching.get(PATH + wanted.name, wanted.limit)
    if reply.status == 200:
        if len(reply.body) > wanted.limit:
            raise TooLargeError("its answer is too large")
        return reply.body
    if reply.status in (404, 410):
        return None
    raise HttpError(f"it answers {reply.status}")
