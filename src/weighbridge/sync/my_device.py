"""How the person at an endpoint comes to see what the fleet knows about it: two messages beside those of `messages.py`.

Whoever has the device key may see the page of that device, and nothing else. What comes back is the last part of a link
that works once; the address before it is the one that the machine enrolled with, so a server cannot lead elsewhere.
"""

import re
from typing import Annotated

from msgspec import Meta

from weighbridge.sync.messages import Message, Moment, Seconds

MY_DEVICE_PATH = "/v1/my-device"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class AskMyDevice(Message, frozen=True, kw_only=True):
    """An endpoint asks for a link to its own page. Signed with the device key."""


class MyDeviceLink(Message, frozen=True, kw_only=True):
    """The link."""

    secret: Annotated[str, Meta(max_length=64)]
    lasts: Seconds
    """After which it does not work any more, used or not."""
    server_time: Moment


def page_address(url: str, secret: str) -> str:
    """Return the link as a browser takes it.

    Args:
        url: that the machine enrolled with.
        secret: as the server sent it.

    Raises:
        ValueError: it is no such secret.
    """
    if not _SECRET.fullmatch(secret):
        raise ValueError("is no link to a page")
    return f"{url}/sign-in/{secret}"
