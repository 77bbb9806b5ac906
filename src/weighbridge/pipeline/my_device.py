"""Asking the fleet for a link to the page of this machine. Nothing is opened here: a person opens the link."""

from datetime import timedelta
from functools import partial
from typing import NamedTuple

from weighbridge.host.fleet_http import HttpError
from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import moment
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.membership import FleetFolder, not_enrolled
from weighbridge.pipeline.sync import Sending, asked
from weighbridge.sync.envelope import EnvelopeError
from weighbridge.sync.messages import Refused
from weighbridge.sync.my_device import MY_DEVICE_PATH, AskMyDevice, MyDeviceLink, page_address


class Link(NamedTuple):
    """A link that works once."""

    address: str
    lasts: timedelta


def my_device(machine: Machine, sending: Sending) -> Link:
    """Return a link to all that the fleet knows about this machine.

    Args:
        machine: this machine.
        sending: the way to the server.

    Raises:
        WeighbridgeError: `E-not-enrolled`, `E-enroll-refused`, `E-enroll-unreachable`, or what is wrong with the state
            folder.
    """
    folder = FleetFolder(machine)
    membership = folder.membership()
    if membership is None:
        raise not_enrolled()
    once = partial(
        asked,
        sending,
        MY_DEVICE_PATH,
        AskMyDevice(),
        MyDeviceLink,
        signer=folder.device_key().sign_bytes,
        key_id=membership.endpoint_id,
    )
    try:
        answer = once(created=int(machine.now().timestamp()))
        if isinstance(answer, Refused) and answer.code == "clock" and (at := moment(answer.server_time)) is not None:
            answer = once(created=int(at.timestamp()))
        if not isinstance(answer, Refused):
            return Link(page_address(membership.url, answer.secret), timedelta(seconds=answer.lasts))
    except HttpError as error:
        raise _unreachable(str(error)) from None
    except (EnvelopeError, ValueError) as error:
        raise _unreachable(f"its answer {error}; perhaps it is of an older release") from None
    raise WeighbridgeError(
        "E-enroll-refused",
        f"the server refuses: {answer.message}",
        "`wb ledger show` shows all that this machine recorded; an administrator of the fleet can help",
        exit_code=1,
    )


def _unreachable(reason: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-enroll-unreachable",
        f"the server gives no link: {reason}",
        "try again when it can be reached; `wb ledger show` shows all that this machine recorded",
        exit_code=1,
    )
