"""The write side of the Xet protocol, which stock clients upload by: what comes in leaves as plain files.

Nothing is read by it: no answer of this hub says Xet to those who download. Its addresses begin with the account and a
number, because a client remembers for each address what it sent there; see `xet_index`. Sources: Xet protocol
specification 1.1, "CAS API" and "Authentication"; xet-core, `remote_client.rs`.
"""

import asyncio
from collections.abc import AsyncIterator

import msgspec
from sqlalchemy import Connection

from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.problem import RefusedError, problem_of
from weighbridge.hub import grants, refusal, space, xet_index
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import ANYONE, WRITE
from weighbridge.hub.hf_publishing import publisher
from weighbridge.hub.hf_request import API, FACE, base, refuse
from weighbridge.hub.storing import store_blob
from weighbridge.hub.xet_index import Run
from weighbridge.hub.xet_rebuild import GoneError, rebuild, release_xorbs, room_for
from weighbridge.hub.xet_shard import LARGEST, Recipe, recipes
from weighbridge.hub.xet_xorb import XorbReader
from weighbridge.model.errors import WeighbridgeError

_TOKEN_SECONDS = 3_600
_BEAT_SECONDS = 5.0
_PATIENCE_SECONDS = 20.0
_DONE = {"result": 1}
_LARGEST_XORB = 1 << 27


async def write_token(call: Call) -> None:
    """Answer where to send chunks. The token for that is the caller's own: it goes to the same server."""
    allowed = await publisher(call)
    if allowed is None:
        return
    account_id = allowed[1].account_id
    epoch = await call.hub.server.store.read(lambda connection: xet_index.epoch_of(connection, account_id))
    token = call.header("authorization").partition(" ")[2].strip()
    ends = call.hub.server.clock() // 1000 + _TOKEN_SECONDS
    url = f"{base(call)}/xet/{account_id}/{epoch}"
    headers = {"x-xet-cas-url": url, "x-xet-access-token": token, "x-xet-token-expiration": str(ends)}
    await call.reply_json({"casUrl": url, "accessToken": token, "exp": ends}, headers=headers)


async def put_xorb(call: Call) -> None:
    """Take chunks."""
    viewer = await _sender(call)
    if viewer is None:
        return
    name, account_id = call.parts["xorb"], viewer.account_id
    known = await call.hub.server.store.read(lambda connection: xet_index.find_xorb(connection, account_id, name))
    if known is not None:
        async for _ in call.pieces():
            pass
        await call.reply_json({"was_inserted": False})
        return
    reader = XorbReader()
    received = await store_blob(call.hub, _chunks(call, reader, name), most=_LARGEST_XORB, account_id=account_id)
    now, whole = call.hub.server.clock(), len(reader.chunks)
    run = Run(xorb=name, start=0, end=whole, sha256=received.sha256, at=0, is_raw=True)

    def job(connection: Connection) -> None:
        xet_index.add_xorb(connection, now, account_id, name, reader.chunks)
        xet_index.add_runs(connection, account_id, [run])

    await call.hub.server.store.write(job)
    await call.reply_json({"was_inserted": True})


async def _chunks(call: Call, reader: XorbReader, name: str) -> AsyncIterator[bytes]:
    async for piece in call.pieces():
        for chunk in reader.take(piece):
            yield chunk
    reader.finish(name)


async def put_shard(call: Call) -> None:
    """Make files of chunks, and answer when all are there.

    Where that takes longer than clients wait in silence, the answer begins before with blanks, which JSON allows. What
    goes wrong after that breaks it off.
    """
    viewer = await _sender(call)
    if viewer is None:
        return
    found = recipes(await call.body(LARGEST))
    done = asyncio.create_task(_rebuild(call, viewer, found))
    try:
        await asyncio.wait([done], timeout=_PATIENCE_SECONDS)
        if done.done():
            await done
            await call.reply_json(_DONE)
            return
        await call.start(200, {"content-type": "application/json"})
        while not done.done():
            await call.piece(b" ")
            await asyncio.wait([done], timeout=_BEAT_SECONDS)
        await done
        await call.piece(msgspec.json.encode(_DONE))
    finally:
        done.cancel()
    await call.end()


async def put_shard_and_tell(call: Call) -> None:
    """Make files of chunks, and tell how far that is; large ones take longer than clients wait in silence."""
    viewer = await _sender(call)
    if viewer is None:
        return
    found = recipes(await call.body(LARGEST))
    await call.start(200, {"content-type": "application/x-ndjson", "cache-control": "no-cache"})
    done = asyncio.create_task(_rebuild(call, viewer, found))
    try:
        while not done.done():
            await call.piece(_event(type="validating", verified=0, total=len(found)))
            await asyncio.wait([done], timeout=_BEAT_SECONDS)
        await done
        await call.piece(_event(type="result", result=1))
    except WeighbridgeError as error:
        problem = problem_of(error)
        await call.piece(_event(type="error", message=f"{problem.detail}. {problem.hint}."))
    finally:
        done.cancel()
    await call.end()


async def _rebuild(call: Call, viewer: Viewer, found: list[Recipe]) -> None:
    hub, account_id = call.hub, viewer.account_id
    # One list of an account after the other: what goes by one is not counted for two.
    async with hub.rebuilding.setdefault(account_id, asyncio.Lock()):
        # Some bytes of a list can name the same chunks many times: what counts is what comes of it.
        size = await hub.server.store.read(lambda connection: room_for(connection, account_id, found))
        async with space.reserved(hub, account_id, size):
            try:
                for recipe in found:
                    await rebuild(hub, account_id, recipe)
            except GoneError:
                await hub.server.store.write(lambda connection: xet_index.forget(connection, account_id))
                hint = "begin the upload again; all of it is sent then"
                said = "the hub no longer has parts that were sent long ago"
                raise RefusedError(400, "E-hub-xorb", said, hint) from None
            await release_xorbs(hub, account_id, found)


async def query_chunk(call: Call) -> None:
    """Say that nobody else's chunks can be built upon: whoever asks would learn what others sent."""
    text = "This hub tells nobody which chunks it has."
    await call.reply_json({"error": text}, 404)


async def telemetry(call: Call) -> None:
    """Take what clients tell of their transfers, and keep nothing of it."""
    await call.body()
    await call.reply_json({})


async def _sender(call: Call) -> Viewer | None:
    """Return who sends, if they may publish anywhere and the address is theirs; None if they were refused."""
    viewer = call.caller.viewer
    if viewer is None:
        return None
    given = await call.hub.server.store.read(lambda connection: grants.of_account(connection, viewer.account_id))
    may = viewer.may(Permission.MODELS_PUBLISH) or any(grant.right == grants.PUBLISH for grant in given)
    if not may or not call.caller.may_write or viewer.account_id != call.parts["account"]:
        await refuse(call, refusal.not_allowed(call.hub.origin, "uploads"))
        return None
    return viewer


def _event(**fields: object) -> bytes:
    return msgspec.json.encode(fields) + b"\n"


_HERE = "/xet/(?P<account>[A-Za-z0-9_-]{1,64})/[0-9]{1,9}"
_XORB = "(?P<xorb>[0-9a-f]{64})"
ROUTES = (
    Route(methods=("GET",), pattern=f"{API}/xet-write-token/[^/]+", access=WRITE, answer=write_token, face=FACE),
    Route(
        methods=("POST",),
        pattern=f"{_HERE}/v1/xorbs/default/{_XORB}",
        access=WRITE,
        answer=put_xorb,
        face=FACE,
    ),
    Route(methods=("POST",), pattern=f"{_HERE}/v1/shards", access=WRITE, answer=put_shard, face=FACE),
    Route(methods=("POST",), pattern=f"{_HERE}/v2/shards", access=WRITE, answer=put_shard_and_tell, face=FACE),
    Route(methods=("POST",), pattern=f"(?:{_HERE})?/v1/telemetry", access=ANYONE, answer=telemetry, face=FACE),
    Route(methods=("GET", "HEAD", "POST"), pattern=f"{_HERE}/.*", access=WRITE, answer=query_chunk, face=FACE),
)
