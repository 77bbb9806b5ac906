"""How a machine of the fleet comes to use the fleet's hub: it asks with its device key, and gets a token.

The token is of the account of this very endpoint (`my_device.py`), so what it pulls and asks for is known as its own.
"""

import re
from typing import Annotated

from msgspec import Meta

from weighbridge.sync.messages import Message, Moment, Seconds

HUB_TOKEN_PATH = "/v1/hub-token"  # noqa: S105  (a path)
_SHAPE = re.compile(r"hf_[A-Za-z0-9]{34,64}", re.ASCII)


class AskHubToken(Message, frozen=True, kw_only=True):
    """An endpoint asks for a token of the hub. Signed with the device key."""


class HubTokenGiven(Message, frozen=True, kw_only=True):
    """The token, which the server shows this once."""

    token: Annotated[str, Meta(max_length=80)]
    lasts: Seconds
    server_time: Moment


def is_token(text: str) -> bool:
    """Tell whether a text has the shape of a token that every tool passes on."""
    return _SHAPE.fullmatch(text) is not None
