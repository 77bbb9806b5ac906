"""Keys of machines, under /api/v1: Ollama logs in with the key that it made, once its person has linked the machine."""

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
from weighbridge.hub import machine_codes, machine_keys
from weighbridge.hub.machine_keys import MachineKey

_OWN = needs(Permission.MODELS_READ)


class NewMachineKey(Struct, forbid_unknown_fields=True, kw_only=True):
    """A machine to link."""

    key: Annotated[str, Meta(max_length=1_000)] = ""
    """The line in `~/.ollama/id_ed25519.pub`, so that no other machine can be linked by it; empty for whichever is."""
    name: Annotated[str, Meta(max_length=128)] = ""
    """What people call the machine; empty for the comment of the key."""
    right: Literal["read", "write"] = "read"


class ShownMachineCode(Struct, kw_only=True):
    """What links the machine, once."""

    command: str
    """The line to type there: Ollama signs it with its key, which proves whose key it is."""
    expires_at: int
    """Milliseconds since 1970, UTC."""


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
async def link_machine(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewMachineKey]) -> ShownMachineCode:
    """Make a code by which Ollama on a machine of one's own proves its key.

    A token cannot do that: the key would outlive it.
    """
    if viewer.token_id is not None:
        raise RefusedError(403, "E-not-allowed", "a token cannot register machines", "sign in, and do it in a session")
    now = server.clock()

    def job(connection: Connection) -> ShownMachineCode:
        public, comment = machine_keys.written(data.key) if data.key else ("", "")
        name = data.name or comment
        code = machine_codes.make(connection, now, viewer.account_id, public=public, name=name, right=data.right)
        audit.note(connection, now, viewer, "machine-key.offer", "", {"right": data.right, "name": name})
        return ShownMachineCode(command=code.command(server.settings.origin), expires_at=code.expires_at)

    return await server.store.write(job)


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


ROUTES = [list_machine_keys, link_machine, remove_machine_key]
