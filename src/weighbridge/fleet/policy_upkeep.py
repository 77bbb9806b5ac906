"""What the server does for policies by itself: says each day that they are the newest, and moves roll-outs on."""

import asyncio
from contextlib import suppress

from weighbridge.fleet import policy_repository, policy_rings, ruling_signing
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError

_LOOK_SECONDS = 60.0


async def look_after_policies(server: Server) -> None:
    """Look every minute, until cancelled."""
    while True:
        with suppress(WeighbridgeError):  # the next time will do
            await look(server)
        await asyncio.sleep(_LOOK_SECONDS)


async def look(server: Server) -> None:
    """Renew what the server signs, halt a roll-out over its budget, or begin its next ring. Raises WeighbridgeError."""
    now = server.clock()
    if await server.store.read(lambda connection: policy_repository.is_old(connection, now)):
        await server.store.write(lambda connection: policy_repository.renew_if_old(connection, now))
        await server.store.write(lambda connection: ruling_signing.renew_urgent(connection, now))
    found = await server.store.read(lambda connection: policy_rings.due(connection, now))
    if found is None:
        return
    await server.store.write(lambda connection: policy_rings.settle(connection, now, found))
    rollout, values = found
    if values.get("state") == policy_rings.HALTED:
        server.log.event("warning", "a roll-out was halted", policy=rollout.number, reason=str(values["reason"]))
