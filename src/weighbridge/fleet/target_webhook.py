"""Webhooks: events as JSON lines, signed, so that the receiver knows who sent them, when, and that they are whole.

The signature covers id, time and body; a receiver refuses what is older than a few minutes and what it has had.

Source: Standard Webhooks specification 1.0.0 ("Webhook headers", "Signature scheme": HMAC-SHA256 over
`id.timestamp.body`, base64, prefixed with `v1,`; the secret is base64 after `whsec_`).
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from hashlib import sha256

from weighbridge.export.registry import event_export
from weighbridge.fleet.outbox_events import Outgoing
from weighbridge.fleet.target import Destination, Target, accepted, pieces
from weighbridge.host.outgoing_http import Poster

PREFIX = "whsec_"


async def send(destination: Destination, events: Sequence[Outgoing], poster: Poster, now: int) -> None:
    """Send events; returns once all are taken. Raises UndeliveredError, OutgoingError."""
    line = event_export(destination.format).line
    lines = [f"{text}\n".encode() for one in events if (text := line(one.event)) is not None]
    for group in pieces(lines):
        body = b"".join(group)
        headers = {
            "Content-Type": "application/x-ndjson",
            "Weighbridge-Format": destination.format,
            **signed(destination.secret, body, now // 1000),
        }
        accepted(await poster.post(destination.address, body, headers, destination.authorities))


def signed(secret: str, body: bytes, seconds: int) -> dict[str, str]:
    """Return the header fields of a body.

    Args:
        secret: `whsec_` and base64, or any text.
        body: as it is sent.
        seconds: since 1970.
    """
    # The same body has the same id, so that a receiver knows what it has had.
    name = f"msg_{sha256(body).hexdigest()[:32]}"
    mac = hmac.new(key_of(secret), f"{name}.{seconds}.".encode() + body, sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            pass
    return secret.encode()


TARGET = Target(
    id="webhook",
    title="Webhook: signed JSON lines over HTTPS",
    send=send,
    address="https://collector.example.com/weighbridge",
    needs_secret=True,
    formats=("ocsf", "ecs"),
)
