"""Asking the fleet for a link to the page of this machine. Nothing is opened here: a person opens the link."""

from datetime import timedelta
from typing import NamedTuple

from weighbridge.host.machine import Machine
from weighbridge.pipeline.device_question import device_answer, unreachable
from weighbridge.pipeline.sync import Sending
from weighbridge.sync.my_device import MY_DEVICE_PATH, AskMyDevice, MyDeviceLink, page_address

_WHAT = "no link"
_HINT = "`wb ledger show` shows all that this machine recorded; an administrator of the fleet can help"


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
        WeighbridgeError: as `device_answer`.
    """
    membership, answer = device_answer(
        machine, sending, MY_DEVICE_PATH, AskMyDevice(), MyDeviceLink, what=_WHAT, hint=_HINT
    )
    try:
        return Link(page_address(membership.url, answer.secret), timedelta(seconds=answer.lasts))
    except ValueError as error:
        raise unreachable(_WHAT, f"its answer {error}", _HINT) from None
