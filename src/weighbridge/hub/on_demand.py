"""Requests that clients make by asking for a model that is not there, where the settings allow that.

The first GET is refused like any other; it is the wish that counts. Who asks again once policy or a person approved the
model gets it.
"""

from sqlalchemy import Connection

from weighbridge.fleet.permissions import Permission
from weighbridge.hub import models, refusal, requests
from weighbridge.hub.call import Call
from weighbridge.hub.names import parse_name
from weighbridge.hub.refusal import Refusal
from weighbridge.model.errors import WeighbridgeError


async def wished(call: Call, model: str, why: Refusal) -> Refusal:
    """Return what to say to a client that was refused a model: that it is on its way, if that is a request now.

    Args:
        call: of the client.
        model: as its address names it.
        why: the refusal without this.
    """
    hub, viewer = call.hub, call.caller.viewer
    settings = hub.server.settings
    if why.reason != refusal.UNKNOWN or not settings.upstream_on_demand or not settings.upstream:
        return why
    if viewer is None or call.method not in ("GET", "HEAD") or not viewer.may(Permission.MODELS_READ):
        return why

    def job(connection: Connection) -> bool:
        name = parse_name(model)
        # One that is there is one that this caller may not see.
        if models.by_name(connection, name) is not None:
            return False
        said = f"A client asked for it: {call.caller.tool or 'unknown'}."
        requests.ask(connection, hub.server.clock(), viewer, name, why=said, fetches=True)
        return True

    try:
        if not await hub.server.store.write(job):
            return why
    except WeighbridgeError:
        return why
    hub.work.set()
    return refusal.on_its_way(hub.origin, model)
