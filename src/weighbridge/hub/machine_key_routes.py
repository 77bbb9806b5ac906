"""Keys of machines, under /api/v1: Ollama logs in with the key that it made, once its person has registered it."""

from typing import Annotated, Literal

from litestar import delete, get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.hub import machine_keys
from weighbridge.hub.machine_keys import MachineKey

_OWN = needs(Permission.MODELS_READ)


class NewMachineKey(Struct, forbid_unknown_fields=True, kw_only=True):
    """A key to register."""

    key: Annotated[str, Meta(min_length=1, max_length=1_000)]
    """The line in `~/.ollama/id_ed25519.pub`: `ssh-ed25519 AAAA...`"""
    name: Annotated[str, Meta(max_length=128)] = ""
    """What people call the machine; empty for the comment of the key."""
    right: Literal["read", "write"] = "read"


class ShownMachineKey(Struct, kw_only=True):
    """One key. Times are milliseconds since 1970, UTC."""

    key_id: str
    public: str
    name: str
    right: str
    added_at: int
    used_at: int | None


@get("/api/v1/machine-keys", opt=_OWN)
async def list_machine_keys(server: GivenServer, viewer: GivenViewer) -> list[ShownMachineKey]:
    """List the keys of one's own machines, the newest first."""
    held = await server.store.read(lambda connection: machine_keys.of_account(connection, viewer.account_id))
    return [_shown(key) for key in held]


@post("/api/v1/machine-keys", opt=_OWN, status_code=201)
async def add_machine_key(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewMachineKey]) -> ShownMachineKey:
    """Register the key of a machine of one's own. A token cannot do that: it would outlive itself."""
    if viewer.token_id is not None:
        raise RefusedError(403, "E-not-allowed", "a token cannot register machines", "sign in, and do it in a session")
    now = server.clock()

    def job(connection: Connection) -> MachineKey:
        key = machine_keys.add(connection, now, viewer.account_id, data.key, name=data.name, right=data.right)
        audit.note(connection, now, viewer, "machine-key.add", key.key_id, {"right": key.right, "name": key.name})
        return key

    return _shown(await server.store.write(job))


@delete("/api/v1/machine-keys/{key_id:str}", opt=_OWN, status_code=204)
async def remove_machine_key(server: GivenServer, viewer: GivenViewer, key_id: Id) -> None:
    """Remove the key of a machine; who manages the hub removes anybody's."""
    now = server.clock()
    whose = None if viewer.may(Permission.HUB_MANAGE) else viewer.account_id

    def job(connection: Connection) -> bool:
        if removed := machine_keys.remove(connection, key_id, whose):
            audit.note(connection, now, viewer, "machine-key.remove", key_id)
        return removed

    if not await server.store.write(job):
        raise not_found("key")


def _shown(key: MachineKey) -> ShownMachineKey:
    return ShownMachineKey(**{name: value for name, value in key._asdict().items() if name != "account_id"})


ROUTES = [list_machine_keys, add_machine_key, remove_machine_key]
