"""The key of Ollama on a machine of the fleet: its device key tells it, so nobody copies a line into a form.

The key proves itself by a signature; without one, the machine is told the command by which Ollama gives it. A machine
that waits, was taken out, or has a copy tells nothing, as with its own page.
"""

from functools import partial
from typing import Any

from litestar import Request as WebRequest
from litestar import post
from litestar.datastructures import State
from sqlalchemy import Connection

from weighbridge.fleet import audit, my_device
from weighbridge.fleet.enrollment import RefusedError
from weighbridge.fleet.exchange import Request
from weighbridge.fleet.guard import needs
from weighbridge.fleet.ingest import Ingest
from weighbridge.fleet.permissions import Permission
from weighbridge.hub import machine_codes, machine_keys
from weighbridge.hub.hub import Hub
from weighbridge.hub.machine_codes import Code
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.machine_key import MACHINE_KEY_PATH, MachineKeyTaken, TellMachineKey, to_prove

NAME = "this machine"


@post(MACHINE_KEY_PATH, opt=needs(Permission.DEVICE), include_in_schema=False)
async def device_key(request: WebRequest[Any, Any, State]) -> Ingest:
    """Take the key of a machine from its endpoint."""
    hub: Hub = request.app.state.hub
    return Ingest(hub.server.exchange, {MACHINE_KEY_PATH: partial(answer, hub)})


async def answer(hub: Hub, request: Request) -> MachineKeyTaken:
    """Take a key, or forget it.

    Raises:
        RefusedError: why not.
    """
    server = hub.server
    too_often = "this machine tells keys more often than it could have new ones"
    endpoint_id, message = await my_device.heard(server, request, TellMachineKey, too_often)
    now = server.clock()
    code = await server.store.write(lambda connection: take(connection, now, endpoint_id, message))
    command = "" if code is None else code.command(hub.origin)
    return MachineKeyTaken(version=message.version, server_time=server.exchange.server_time, command=command)


def take(connection: Connection, now: int, endpoint_id: str, message: TellMachineKey) -> Code | None:
    """Take or forget a key of an endpoint, within a write; return a code if it is yet to be proven.

    Raises:
        RefusedError: why not.
    """
    account = my_device.account_of(connection, now, endpoint_id)
    known = machine_keys.of_account(connection, account.account_id)
    public = message.key.partition(" ")[2].partition(" ")[0] or message.key
    same = next((one for one in known if one.public == public), None)
    if message.forget:
        if same is not None:
            machine_keys.remove(connection, same.key_id, account.account_id)
            audit.note(connection, now, None, "machine-key.remove", same.key_id, {"endpoint": endpoint_id})
        return None
    if same is not None:
        return None
    try:
        public, _ = machine_keys.written(message.key)
        if not message.proof:
            return machine_codes.make(connection, now, account.account_id, public=public, name=NAME)
        if not machine_keys.has_signed(public, to_prove(endpoint_id, public), message.proof):
            raise RefusedError("body", "the key of Ollama did not sign that it is of this machine")
        key = machine_keys.add(connection, now, account.account_id, message.key, name=NAME)
    except WeighbridgeError as error:
        raise RefusedError("body", error.message) from error
    audit.note(connection, now, None, "machine-key.add", key.key_id, {"endpoint": endpoint_id, "right": key.right})
    return None


ROUTES = [device_key]
