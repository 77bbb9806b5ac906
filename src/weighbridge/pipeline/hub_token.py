"""Asking the fleet for a token of its hub, for this machine."""

from weighbridge.host.machine import Machine
from weighbridge.pipeline.device_question import device_answer, unreachable
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.sync import Sending
from weighbridge.sync.hub_token import HUB_TOKEN_PATH, AskHubToken, HubTokenGiven, is_token

_WHAT, _HINT = "no token", "a token can also be made in the console and given with --token-file"


def hub_token(machine: Machine, sending: Sending) -> HubAccess:
    """Return the hub of this machine's fleet with a token of its own.

    Args:
        machine: this machine.
        sending: the way to the server.

    Raises:
        WeighbridgeError: as `device_answer`.
    """
    membership, answer = device_answer(
        machine, sending, HUB_TOKEN_PATH, AskHubToken(), HubTokenGiven, what=_WHAT, hint=_HINT
    )
    if not is_token(answer.token):
        raise unreachable(_WHAT, "its answer is no token", _HINT)
    return HubAccess(url=membership.url, token=answer.token, authorities=membership.authorities, proxy=membership.proxy)
