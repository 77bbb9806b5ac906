"""Which fleet this machine belongs to: address, device key, what the server said last. Folder `membership`.

`device-key` is made once an enrollment and never leaves the folder. `witnessed` is the last checkpoint of this ledger
that the server cosigned: `wb ledger verify --against` takes it.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from weighbridge.host.durable import BusyError, DurableFolder, Lock
from weighbridge.host.machine import Machine
from weighbridge.ledger.canonical import canonical, parsed
from weighbridge.ledger.errors import unwritable
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.model.source import LimitReached
from weighbridge.sync.messages import endpoint_id_of
from weighbridge.sync.plan import Place

FOLDER = "membership"
WITNESSED = "witnessed"
_MEMBERSHIP, _KEY, _PROGRESS, _LOCK = "enrollment", "device-key", "progress", "lock"
_NEXT_KEY = "device-key-next"
_LARGEST = 1 << 20
_KEY_NAME = "weighbridge/device"


@record
class Membership:
    """A fleet that this machine belongs to."""

    url: str
    endpoint_id: str
    witness_key: str
    """What the server's cosignatures verify with."""
    enrolled_at: str
    authorities: str | None = None
    """Certificates in PEM that are trusted for this server alone; None for the system's."""
    proxy: str | None = None


@record
class Progress:
    """What came of it so far."""

    place: Place
    failures: int = 0
    """In a row."""
    last_success: str = ""
    code: str = ""
    """Why the last attempt failed: one of `sync.messages.REFUSALS`, or `unreachable`; empty if it did not."""
    reason: str = ""
    clock_offset: float = 0.0
    """Seconds that this machine's clock is behind the server's."""


class FleetFolder:
    """The folder. Its calls raise `WeighbridgeError`: `E-ledger-write` if it cannot be written, `E-fleet-state`.

    Args:
        machine: whose.
    """

    def __init__(self, machine: Machine) -> None:
        self._folder: DurableFolder = machine.durable_folder(FOLDER)

    def lock(self) -> Lock:
        """Take the lock that whoever enrolls or sends holds, and clear up after a crash. Raises `E-sync-busy`."""
        try:
            lock = self._folder.lock(_LOCK)
            self._folder.clean()
            return lock
        except BusyError:
            raise WeighbridgeError(
                "E-sync-busy",
                "another process of Weighbridge sends to the fleet right now",
                "`wb watch` sends by itself; `wb enroll --status` shows how far it is",
                exit_code=1,
            ) from None
        except OSError as error:
            raise unwritable(error) from error

    def membership(self) -> Membership | None:
        """Return the fleet that this machine belongs to; None if it belongs to none."""
        held = self._object(_MEMBERSHIP)
        if held is None:
            return None
        try:
            return Membership(
                url=_text(held, "url"),
                endpoint_id=_text(held, "endpoint_id"),
                witness_key=_text(held, "witness_key"),
                enrolled_at=_text(held, "enrolled_at"),
                authorities=held.get("authorities") or None,
                proxy=held.get("proxy") or None,
            )
        except KeyError as error:
            raise _damaged(_MEMBERSHIP, f"lacks {error}") from None

    def join(self, membership: Membership) -> None:
        """Remember a fleet, and that nothing was sent to it yet."""
        words = {
            "url": membership.url,
            "endpoint_id": membership.endpoint_id,
            "witness_key": membership.witness_key,
            "enrolled_at": membership.enrolled_at,
            "authorities": membership.authorities,
            "proxy": membership.proxy,
        }
        self._replace({_MEMBERSHIP: canonical(words), _PROGRESS: _progress(Progress(place=Place()))})

    def leave(self) -> None:
        """Forget the fleet and the device key. What was recorded stays."""
        try:
            self._folder.remove([_MEMBERSHIP, _KEY, _NEXT_KEY, _PROGRESS, WITNESSED])
        except OSError as error:
            raise unwritable(error) from error

    def device_key(self, *, make: bool = False) -> PrivateKey:
        """Return the device key; make it if there is none and that is wanted. Who makes it holds the lock."""
        text = self._read(_KEY)
        if text is None and make:
            text = _new_key()
            self._replace({_KEY: text})
        return _parsed_key(_KEY, text or b"")

    def next_device_key(self, token: str) -> PrivateKey:
        """Return the key to go on with by a token: always the same for one token, so that trying twice is doing once.

        It counts nowhere before `go_on_with`.
        """
        named = sha256(token.encode()).hexdigest().encode()
        held, _, text = (self._read(_NEXT_KEY) or b"").partition(b" ")
        if held != named:
            text = _new_key()
            self._replace({_NEXT_KEY: named + b" " + text})
        return _parsed_key(_NEXT_KEY, text)

    def go_on_with(self, key: PrivateKey) -> None:
        """Have this machine sign with another key from now on."""
        self._replace({_KEY: key.text.encode()})

    def progress(self) -> Progress:
        """Return what came of it so far. What cannot be read is asked from the server again."""
        held = self._object(_PROGRESS) or {}
        return Progress(
            place=Place(
                acknowledged=_size(held, "acknowledged"),
                cosigned=_size(held, "cosigned"),
                epoch=str(held.get("epoch", "")),
                resync=held.get("resync") is True,
                part=_size(held, "part"),
            ),
            failures=_size(held, "failures"),
            last_success=str(held.get("last_success", "")),
            code=str(held.get("code", "")),
            reason=str(held.get("reason", "")),
            clock_offset=_number(held, "clock_offset"),
        )

    def keep(self, progress: Progress, witnessed: bytes | None = None) -> None:
        """Remember what came of an attempt, and a checkpoint that the server cosigned."""
        self._replace({_PROGRESS: _progress(progress), **({} if witnessed is None else {WITNESSED: witnessed})})

    def _replace(self, contents: Mapping[str, bytes]) -> None:
        try:
            self._folder.replace(contents)
        except OSError as error:
            raise unwritable(error) from error

    def _object(self, name: str) -> dict[str, Any] | None:
        content = self._read(name)
        if content is None:
            return None
        found = parsed(content)
        if found is None:
            raise _damaged(name, "is damaged")
        return found

    def _read(self, name: str) -> bytes | None:
        try:
            return self._folder.read(name, _LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, LimitReached) as error:
            raise _damaged(name, f"cannot be read: {error}") from None


def not_enrolled() -> WeighbridgeError:
    """Return the error for a machine that belongs to no fleet."""
    return WeighbridgeError(
        "E-not-enrolled",
        "this machine belongs to no fleet",
        "`wb enroll URL --token-file FILE` joins one; an administrator makes the token",
        exit_code=3,
    )


def endpoint_id(key: PrivateKey) -> str:
    """Return what names this machine in the fleet."""
    return endpoint_id_of(key.public.public)


def _new_key() -> bytes:
    return PrivateKey(_KEY_NAME, secrets.token_bytes(32)).text.encode()


def _parsed_key(name: str, text: bytes) -> PrivateKey:
    try:
        return PrivateKey.parse(text.decode("ascii"))
    except (ValueError, UnicodeDecodeError):
        raise _damaged(name, "is missing or damaged") from None


def _progress(progress: Progress) -> bytes:
    place = progress.place
    return canonical(
        {
            "acknowledged": place.acknowledged,
            "cosigned": place.cosigned,
            "epoch": place.epoch,
            "resync": place.resync,
            "part": place.part,
            "failures": progress.failures,
            "last_success": progress.last_success,
            "code": progress.code,
            "reason": progress.reason,
            "clock_offset": progress.clock_offset,
        }
    )


def _text(held: Mapping[str, Any], name: str) -> str:
    value = held.get(name)
    if not isinstance(value, str) or not value:
        raise KeyError(name)
    return value


def _size(held: Mapping[str, Any], name: str) -> int:
    value = held.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _number(held: Mapping[str, Any], name: str) -> float:
    value = held.get(name)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _damaged(name: str, reason: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-fleet-state",
        f"{FOLDER}/{name} in the state folder {reason}",
        "bring it back from a backup, or `wb enroll --leave` and enroll anew",
        exit_code=1,
    )
