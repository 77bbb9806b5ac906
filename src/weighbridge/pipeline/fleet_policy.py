"""The policy that this machine has from its fleet: what is pinned, what is in force, what came of the last refresh.

In `policy/` of the state folder. The policy is one file, replaced as a whole, so that after any crash either the old
one is in force or the new one; nothing in it is ever unpacked into files, let alone run.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from weighbridge.host.durable import DurableFolder
from weighbridge.host.machine import Machine
from weighbridge.ledger.canonical import canonical, parsed
from weighbridge.ledger.entry import timestamp
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
_LARGEST = 1 << 20
_METADATA = ("root.json", "timestamp.json", "snapshot.json", "targets.json")


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

    def put_in_force(self, bundle: bytes) -> None:
        """Let a policy be in force, as a whole or not at all."""
        self._replace({_IN_FORCE: bundle})

    def state(self) -> Held:
        """Return what came of the last refresh. What cannot be read says nothing."""
        held: dict[str, Any] = parsed(self._read(_STATE, _LARGEST) or b"{}") or {}
        number = held.get("number")
        return Held(
            number=number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else 0,
            **{name: str(held.get(name, ""))[:255] for name in ("code", "reason", "refreshed_at", "tried_at")},
        )

    def say(self, number: int, code: str = "", reason: str = "") -> Held:
        """Store what came of a refresh, and return it."""
        now = timestamp(self._machine.now())
        before = self.state()
        held = Held(
            number=number,
            code=code,
            reason=reason[:255],
            refreshed_at=before.refreshed_at if code else now,
            tried_at=now,
        )
        words = {name: getattr(held, name) for name in ("number", "code", "reason", "refreshed_at", "tried_at")}
        self._replace({_STATE: canonical(words)})
        return held

    def forget(self) -> None:
        """Forget the fleet's policy and whose signatures count."""
        self._remove([*_METADATA, _IN_FORCE, _STATE])

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

    bundle = PolicyFolder(machine).bundle()
    if bundle is None:
        raise _damaged("this machine has no policy from a fleet", "`wb enroll --status` says whether one is awaited")
    return read_policy(files_of(bundle), NAME)


def held_now(machine: Machine, now: datetime | None = None) -> Held:
    """Return what this machine has from its fleet, and whether the server's word has run out since."""
    from weighbridge.sync.policy_updates import expires_at

    folder = PolicyFolder(machine)
    held = folder.state()
    word = folder.metadata().get("timestamp.json") if held.number and not held.code else None
    ends = None if word is None else expires_at(word)
    if ends is None or (now or machine.now()) < ends:
        return held
    return Held(
        number=held.number,
        code="expired",
        reason=f"the server's word on what is new ended on {ends:%Y-%m-%d}",
        refreshed_at=held.refreshed_at,
        tried_at=held.tried_at,
    )


def _unwritable(error: OSError) -> WeighbridgeError:
    return WeighbridgeError(
        "E-fleet-policy",
        f"{FOLDER} in the state folder could not be written: {(error.strerror or str(error)).lower()}",
        "the last good policy stays in force; free some space, or run as the user that the folder belongs to",
        exit_code=1,
    )


def _damaged(message: str, hint: str = "`wb sync` fetches it anew") -> WeighbridgeError:
    return WeighbridgeError("E-fleet-policy", message, hint)
