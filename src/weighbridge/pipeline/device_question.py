"""One signed question of this machine to its fleet, beside enrolling and sending: the device key says who asks."""

from functools import partial
from typing import TypeVar

from weighbridge.host.fleet_http import HttpError
from weighbridge.host.machine import Machine
from weighbridge.ledger.entry import moment
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.membership import FleetFolder, Membership, not_enrolled
from weighbridge.pipeline.sync import Sending, asked
from weighbridge.sync.envelope import EnvelopeError
from weighbridge.sync.messages import Message, Refused

_Kind = TypeVar("_Kind", bound=Message)


def device_answer(
    machine: Machine, sending: Sending, path: str, message: Message, kind: type[_Kind], *, what: str, hint: str
) -> tuple[Membership, _Kind]:
    """Ask the fleet of this machine something.

    Args:
        machine: this machine.
        sending: the way to the server.
        path: where it is asked.
        message: the question.
        kind: the answer.
        what: what is asked for, for messages: `no link`.
        hint: what a person can do without an answer.

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
        path,
        message,
        kind,
        signer=folder.device_key().sign_bytes,
        key_id=membership.endpoint_id,
    )
    try:
        answer = once(created=int(machine.now().timestamp()))
        if isinstance(answer, Refused) and answer.code == "clock" and (at := moment(answer.server_time)) is not None:
            answer = once(created=int(at.timestamp()))
    except HttpError as error:
        raise unreachable(what, str(error), hint) from None
    except (EnvelopeError, ValueError) as error:
        raise unreachable(what, f"its answer {error}; perhaps it is of an older release", hint) from None
    if isinstance(answer, Refused):
        raise WeighbridgeError("E-enroll-refused", f"the server refuses: {answer.message}", hint, exit_code=1)
    return membership, answer


def unreachable(what: str, reason: str, hint: str) -> WeighbridgeError:
    """Return the error of a server that gives no answer."""
    return WeighbridgeError(
        "E-enroll-unreachable",
        f"the server gives {what}: {reason}",
        f"try again when it can be reached; {hint}",
        exit_code=1,
    )
