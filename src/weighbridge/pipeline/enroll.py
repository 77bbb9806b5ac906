"""Joining a fleet, and leaving it. The only things that say so to a server are these and `sync.py`."""

import platform
import socket
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from weighbridge import __version__
from weighbridge.host.fleet_http import HttpError
from weighbridge.host.machine import Machine
from weighbridge.ledger.cosignature import CosignerKey
from weighbridge.ledger.entry import moment, timestamp
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_key import public_key
from weighbridge.pipeline.ledger_open import open_ledger
from weighbridge.pipeline.membership import FleetFolder, Membership, endpoint_id, not_enrolled
from weighbridge.pipeline.sync import Sending, asked
from weighbridge.sync.envelope import EnvelopeError
from weighbridge.sync.messages import ENROLL_PATH, Enroll, Enrolled, Host, Refused, to_text

_HINTS = {
    "approval": "somebody at the fleet must approve it",
    "busy": "try again in a minute",
    "clock": "set the clock of this machine right",
    "forked": "`wb enroll --leave` forgets the old device key; then enroll anew, as a machine of its own",
    "ledger-changed": "`wb enroll --leave` forgets the old device key; then enroll anew",
    "revoked": "`wb enroll --leave` forgets the old device key; then enroll anew with a new token",
    "token": "ask an administrator of the fleet for a new one (`wb fleet token`)",
    "version": "bring Weighbridge here, or on the server, to the same release",
}


def host_facts() -> Host:
    """Return what this machine says of itself: its name, system and processor; nothing about its user."""
    return Host(
        name=socket.gethostname()[:255],
        platform=platform.system().lower()[:64],
        release=platform.release()[:255],
        architecture=platform.machine()[:64],
    )


def enroll(
    machine: Machine,
    url: str,
    token: str,
    sending: Sending,
    *,
    authorities: str | None = None,
    proxy: str | None = None,
    facts: Callable[[], Host] = host_facts,
    again: bool = False,
) -> str:
    """Join a fleet; return the state there: `active`, or `pending` until somebody approves. Twice, it changes nothing.

    Args:
        machine: this machine.
        url: of the server.
        token: that an administrator made.
        sending: the way to the server.
        authorities: certificates in PEM that are trusted for it.
        proxy: through which it is reached.
        facts: what to say of this machine.
        again: whether it goes on as the endpoint that it is, with a new key, so that a copy of it is nobody any more.

    Raises:
        WeighbridgeError: `E-enrolled` (it belongs to another fleet), `E-not-enrolled` (to none, and is to go on),
            `E-enroll-refused`, `E-enroll-unreachable`, or what is wrong with ledger or state folder.
    """
    folder = FleetFolder(machine)
    lock = folder.lock()
    try:
        return _enrolled(machine, folder, sending, token, facts, _Wanted(url, authorities, proxy, again))
    finally:
        lock.close()


class _Wanted(NamedTuple):
    """Which server, and how to reach it."""

    url: str
    authorities: str | None
    proxy: str | None
    again: bool


def _enrolled(
    machine: Machine, folder: FleetFolder, sending: Sending, token: str, facts: Callable[[], Host], wanted: _Wanted
) -> str:
    before = folder.membership()
    if before is not None and before.url != wanted.url:
        raise WeighbridgeError(
            "E-enrolled",
            f"this machine belongs to the fleet of {before.url}",
            "`wb enroll --leave` first",
        )
    if before is None and wanted.again:
        raise not_enrolled()
    key = folder.next_device_key(token) if wanted.again else folder.device_key(make=True)
    request = Enroll(
        token=token,
        public_key=to_text(key.public.public),
        ledger_key=_ledger_key(machine),
        host=facts(),
        sensor=__version__,
        again=before.endpoint_id if before is not None and wanted.again else None,
    )
    answer = _answered(machine, sending, request, key.sign_bytes, endpoint_id(key))
    if isinstance(answer, Refused):
        hint = _HINTS.get(answer.code, "`wb enroll --help` shows what it takes")
        raise WeighbridgeError("E-enroll-refused", f"the server refuses: {answer.message}", hint, exit_code=1)
    _checked(answer, endpoint_id(key) if before is None else before.endpoint_id)
    if before is None:
        membership = Membership(
            url=wanted.url,
            endpoint_id=answer.endpoint_id,
            witness_key=answer.witness_key,
            enrolled_at=timestamp(machine.now()),
            authorities=wanted.authorities,
            proxy=wanted.proxy,
        )
        folder.join(membership)
    elif before.witness_key != answer.witness_key:
        raise WeighbridgeError(
            "E-enroll-refused",
            "the server has another witness key than when this machine enrolled",
            "ask an administrator whether that is right; `wb enroll --leave` and enroll anew if it is",
            exit_code=1,
        )
    elif wanted.again:
        folder.go_on_with(key)
    return answer.state


def _ledger_key(machine: Machine) -> str:
    """Return the key that signs the ledger of this machine; begin a ledger if there is none."""
    key = public_key(machine)
    if key is None:
        open_ledger(machine).close()
        key = public_key(machine)
    assert key is not None  # noqa: S101  (opening it made one)
    return key.text


def _answered(
    machine: Machine, sending: Sending, request: Enroll, signer: Callable[[bytes], bytes], key_id: str
) -> Enrolled | Refused:
    once = partial(asked, sending, ENROLL_PATH, request, Enrolled, signer=signer, key_id=key_id)
    try:
        answer = once(created=int(machine.now().timestamp()))
        if isinstance(answer, Refused) and answer.code == "clock" and (at := moment(answer.server_time)) is not None:
            answer = once(created=int(at.timestamp()))
    except HttpError as error:
        raise _unreachable(str(error), "check the address, the network and, if there is one, the proxy") from None
    except EnvelopeError as error:
        raise _unreachable(f"it is no fleet server of Weighbridge: {error}", "check the address") from None
    return answer


def _checked(answer: Enrolled, own_id: str) -> None:
    try:
        CosignerKey(answer.witness_key)
    except ValueError as error:
        raise _unreachable(f"its witness key {error}", "check the address") from None
    if answer.endpoint_id != own_id or answer.state not in ("active", "pending"):
        raise _unreachable("it answers for another machine", "check the address")


def _unreachable(reason: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-enroll-unreachable", f"the server gives no answer that helps: {reason}", hint, exit_code=1
    )
