"""`GET /api/v1/hub/revocations`: what is revoked and deprecated, signed, for every machine that may read here.

It is asked for with whatever a tool of the hub asks with, so it stands beside the faces: machines that belong to no
fleet have a token of the hub, or none where it is open to all. Its form: `sync/catalog_feed.py`.
"""

import msgspec

from weighbridge.fleet.witness import catalog_key
from weighbridge.hub import refusal
from weighbridge.hub.call import Call, Route
from weighbridge.hub.caller import hidden_from
from weighbridge.hub.faces import READ
from weighbridge.hub.feed import feed, signed_feed
from weighbridge.hub.hf_request import FACE, refuse
from weighbridge.sync.catalog_feed import FEED_PATH

_DIGITS = 64


async def show_feed(call: Call) -> None:
    """Answer with the feed; `?have=` is the SHA-256 of the one that the machine has."""
    hub, caller, have = call.hub, call.caller, call.query.get("have", "")[:_DIGITS]
    hidden = await hub.server.store.read(lambda connection: hidden_from(connection, caller))
    if hidden is None:
        await refuse(call, refusal.not_allowed(hub.origin, "the catalog"))
        return
    now = hub.server.clock()
    if hub.feed_key is None:
        hub.feed_key = await hub.server.store.write(lambda connection: catalog_key(connection, now))
    said = await hub.server.store.read(lambda connection: feed(connection, hidden))
    answer = msgspec.json.encode(signed_feed(said, hub.feed_key, now, have))
    await call.reply(200, answer, {"content-type": "application/json", "cache-control": "private, no-cache"})


ROUTES = (Route(methods=("GET",), pattern=FEED_PATH, access=READ, answer=show_feed, face=FACE),)
