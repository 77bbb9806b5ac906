"""The policy that this machine has from its fleet: what is pinned, what is in force, what came of the last refresh.

In `policy/` of the state folder. The policy is one file, replaced as a whole, so that after any crash either the old
one is in force or the new one; nothing in it is ever unpacked into files, let alone run.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from weighbridge.host.durable import DurableFolder
from weighbridge.host.machine import Machine
from weighbridge.ledger.canonical import canonical, parsed
from weighbridge.ledger.entry import moment, timestamp
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.model.source import LimitReached
from weighbridge.sync.policy_bundle import LARGEST_BUNDLE, Bundle, files_of, unpacked

if TYPE_CHECKING:
    from weighbridge.policy.policy import Policy

FOLDER = "policy"
NAME = "fleet"
"""What commands call the policy of the fleet."""
_IN_FORCE, _STATE = "in-force.json", "state"
IN_FORCE = f"{FOLDER}/{_IN_FORCE}"
"""The policy in force, within the state folder."""
_RULINGS = "rulings.json"
_LARGEST_RULINGS = 32 << 20
"""Four texts, and what stays of those before."""
_LARGEST = 1 << 20
_METADATA = (
    *("root.json", "timestamp.json", "snapshot.json", "targets.json"),
    *("revocations.json", "urgent.json", "exceptions.json", "catalog.json"),
)


@record
class Held:
    """What this machine has from its fleet."""

    number: int = 0
    """Of the policy in force; 0 if the fleet has given none."""
    code: str = ""
    """Why the last refresh brought nothing, one of `sync.policy_updates.REFUSALS`; the policy in force stays."""
    reason: str = ""
    refreshed_at: str = ""
    """When the server's word was last believed."""
    tried_at: str = ""
    expires: str = ""
    """When what was signed ends, RFC 3339; empty if that is not known."""
    boot: str = ""
    """Which run of the machine the last refresh that was believed was in, and how long it lasted by then."""
    boot_seconds: float = 0.0
    stale_since: str = ""
    """The day since which nobody here can know whether the policy in force is still the newest; `held_now` says it."""


_TEXTS = ("code", "reason", "refreshed_at", "tried_at", "expires", "boot")


class PolicyFolder:
    """The folder. Its calls raise `WeighbridgeError`: `E-fleet-policy`.

    Args:
        machine: whose.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._folder: DurableFolder = machine.durable_folder(FOLDER)

    def metadata(self) -> dict[str, bytes]:
        """Return what was verified before, by the names of `sync.policy_updates.HELD`."""
        found = {name: self._read(name, _LARGEST) for name in _METADATA}
        return {name: content for name, content in found.items() if content is not None}

    def pin(self, root: bytes) -> None:
        """Take a root as the one to trust from now on; whatever was believed by another one is forgotten."""
        self._remove([name for name in _METADATA if name != "root.json"])
        self._replace({"root.json": root})

    def keep(self, metadata: Mapping[str, bytes]) -> None:
        """Store what was verified."""
        if metadata:
            self._replace(metadata)

    def bundle(self) -> Bundle | None:
        """Return the policy in force; None if there is none."""
        content = self._read(_IN_FORCE, LARGEST_BUNDLE)
        if content is None:
            return None
        try:
            return unpacked(content)
        except ValueError as error:
            raise _damaged(f"the policy in force is damaged: {error}") from None

    def rulings(self) -> bytes | None:
        """Return what is in force about single models, as `fleet_rulings.read` takes it; None if there is nothing."""
        return self._read(_RULINGS, _LARGEST_RULINGS)

    def put_in_force(self, bundle: bytes | None, rulings: bytes | None = None) -> None:
        """Let a policy and rulings be in force, each as a whole or not at all; None leaves what there is.

        What forbids comes first: after a crash between the two the machine has the new rulings and the old policy,
        until the next refresh.
        """
        new = {_RULINGS: rulings, _IN_FORCE: bundle}
        self._replace({name: content for name, content in new.items() if content is not None})

    def state(self) -> Held:
        """Return what came of the last refresh. What cannot be read says nothing."""
        held: dict[str, Any] = parsed(self._read(_STATE, _LARGEST) or b"{}") or {}
        return Held(
            number=int(_number(held, "number")),
            boot_seconds=_number(held, "boot_seconds"),
            **{name: str(held.get(name, ""))[:255] for name in _TEXTS},
        )

    def say(self, number: int, code: str = "", reason: str = "", expires: str = "") -> Held:
        """Store what came of a refresh, and return it.

        Args:
            number: of the policy in force.
            code: why none newer was taken; empty if there was no reason.
            reason: the same for a person.
            expires: when what was signed ends; empty if the server's word was not believed.
        """
        now, boot = timestamp(self._machine.now()), self._machine.boot()
        held = replace(self.state(), number=number, code=code, reason=reason[:255], tried_at=now)
        if expires:
            held = replace(held, refreshed_at=now, expires=expires, boot=boot.id, boot_seconds=round(boot.seconds, 3))
        self._replace({_STATE: canonical({name: getattr(held, name) for name in ("number", "boot_seconds", *_TEXTS)})})
        return held

    def forget(self) -> None:
        """Forget the fleet's policy and whose signatures count."""
        self._remove([*_METADATA, _IN_FORCE, _RULINGS, _STATE])

    def clean(self) -> None:
        """Remove what a crash left half written. Who calls holds `FleetFolder.lock`."""
        try:
            self._folder.clean()
        except OSError as error:
            raise _unwritable(error) from error

    def _read(self, name: str, limit: int) -> bytes | None:
        try:
            return self._folder.read(name, limit)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, LimitReached) as error:
            raise _damaged(f"{FOLDER}/{name} in the state folder cannot be read: {error}") from None

    def _replace(self, contents: Mapping[str, bytes]) -> None:
        try:
            self._folder.replace(contents)
        except OSError as error:
            raise _unwritable(error) from error

    def _remove(self, names: list[str]) -> None:
        try:
            self._folder.remove(names)
        except OSError as error:
            raise _unwritable(error) from error


def fleet_policy(machine: Machine) -> "Policy":
    """Return the policy in force from the fleet. Raises `E-fleet-policy`: there is none, or it is damaged."""
    from weighbridge.policy.pack import read_policy
    from weighbridge.policy.policy import Origin

    bundle = PolicyFolder(machine).bundle()
    if bundle is None:
        raise _damaged("this machine has no policy from a fleet", "`wb enroll --status` says whether one is awaited")
    origin = Origin(whose=NAME, number=bundle.number, stale=held_now(machine).stale_since)
    return replace(read_policy(files_of(bundle), NAME), origin=origin)


def held_now(machine: Machine) -> Held:
    """Return what this machine has from its fleet, and whether what was signed has run out since.

    A clock that was set back does not make it young again: it is never earlier than the last refresh, and within one
    run of the machine never earlier than that and the seconds since. A clock that is ahead makes it stale until it is
    right again, and loses nothing.
    """
    folder = PolicyFolder(machine)
    held = folder.state()
    if not machine.has_state(IN_FORCE):
        return held
    ends = _ends(folder, held)
    if ends is not None and _now(machine, held) < ends:
        return held
    since = "an unknown day" if ends is None else f"{ends:%Y-%m-%d}"
    if held.code not in ("", "unreachable"):
        return replace(held, stale_since=since)
    return replace(held, code="expired", reason=f"what the fleet signed ended on {since}", stale_since=since)


def _ends(folder: PolicyFolder, held: Held) -> datetime | None:
    """Return when what was signed ends; None if nothing says so."""
    if (stated := moment(held.expires)) is not None:
        return stated
    from weighbridge.sync.policy_updates import expires_at  # with the library, for a state that an older version left

    word = folder.metadata().get("timestamp.json")
    return None if word is None else expires_at(word)


def _now(machine: Machine, held: Held) -> datetime:
    now, refreshed = machine.now(), moment(held.refreshed_at)
    if refreshed is None:
        return now
    boot = machine.boot()
    passed = boot.seconds - held.boot_seconds if boot.id == held.boot else 0.0
    return max(now, refreshed + timedelta(seconds=max(0.0, passed)))


def _number(held: Mapping[str, Any], name: str) -> float:
    value = held.get(name)
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1 << 53 else 0


def _unwritable(error: OSError) -> WeighbridgeError:
    return WeighbridgeError(
        "E-fleet-policy",
        f"{FOLDER} in the state folder could not be written: {(error.strerror or str(error)).lower()}",
        "the last good policy stays in force; free some space, or run as the user that the folder belongs to",
        exit_code=1,
    )


def _damaged(message: str, hint: str = "`wb sync` fetches it anew") -> WeighbridgeError:
    return WeighbridgeError("E-fleet-policy", message, hint)
