"""Makes plain files of what came in by the Xet protocol, each checked against its SHA-256 while it is written."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from functools import partial

from sqlalchemy import Connection

from weighbridge.hub import blob_index, sent_blobs, space, xet_index
from weighbridge.hub.hf_publishing import note_sent
from weighbridge.hub.hub import Hub
from weighbridge.hub.storing import MOST, is_stored, store_blob
from weighbridge.hub.xet_hashes import range_hash
from weighbridge.hub.xet_index import Run, Xorb
from weighbridge.hub.xet_shard import Recipe, Term
from weighbridge.hub.xet_xorb import wrong
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record


@record
class _Piece:
    """Bytes of a blob."""

    sha256: str
    start: int
    end: int


class GoneError(Exception):
    """Chunks that a client believes to be here are not."""


async def rebuild(hub: Hub, account_id: str, recipe: Recipe) -> None:
    """Put a file together and keep it, in quarantine.

    Raises:
        GoneError: chunks are not here.
        WeighbridgeError: `E-hub-xorb`, `E-blob-digest` for a file that is not what it should be; others of the store.
    """
    if recipe.size > MOST:
        raise wrong(f"a file of {recipe.size:,} bytes is larger than any that is taken")
    known = await hub.server.store.read(lambda connection: sent_blobs.sent(connection, account_id, [recipe.sha256]))
    if known and await is_stored(hub, recipe.sha256):
        return
    pieces = await hub.server.store.read(lambda connection: _pieces(connection, account_id, recipe.terms))
    try:
        # What it takes was reserved by whoever rebuilds.
        await store_blob(hub, _bytes(hub, pieces), most=recipe.size, sha256=recipe.sha256, size=recipe.size)
    except WeighbridgeError as error:
        if error.code == "E-blob-read":
            raise GoneError from error
        raise
    await note_sent(hub, account_id, [recipe.sha256])
    runs = list(_runs(recipe))

    def job(connection: Connection) -> None:
        space.note(connection, account_id, recipe.sha256)
        xet_index.add_runs(connection, account_id, runs)

    await hub.server.store.write(job)


def room_for(connection: Connection, account_id: str, found: Iterable[Recipe]) -> int:
    """Return how many bytes more an account will take when files are put together.

    A chunk counts as often as files hold it. What came in of a xorb is no longer counted, and goes, where files hold
    all of it by then.
    """
    wanted = {recipe.sha256: recipe for recipe in found}
    for sha256 in sent_blobs.sent(connection, account_id, sorted(wanted)):
        del wanted[sha256]
    parts: dict[str, list[tuple[int, int]]] = {}
    for recipe in wanted.values():
        for term in recipe.terms:
            parts.setdefault(term.xorb, []).append((term.start, term.end))
    goes: set[str] = set()
    for name, some in parts.items():
        xorb, runs = xet_index.find_xorb(connection, account_id, name), xet_index.runs_of(connection, account_id, name)
        held = [(run.start, run.end) for run in runs if not run.is_raw]
        if xorb is not None and _reach([*some, *held]) >= len(xorb.sizes):
            goes |= {run.sha256 for run in runs if run.is_raw}
    let_go = space.size_of(connection, account_id, goes - set(wanted))
    return max(0, sum(recipe.size for recipe in wanted.values()) - let_go)


def _reach(parts: Iterable[tuple[int, int]]) -> int:
    """Return up to where parts follow each other without a hole, from 0 on."""
    at = 0
    for start, end in sorted(parts):
        if start > at:
            break
        at = max(at, end)
    return at


async def release_xorbs(hub: Hub, account_id: str, found: Iterable[Recipe]) -> None:
    """Let go of the bytes of xorbs as they came, where files hold all of their chunks by now."""
    listed = list(found)
    xorbs = sorted({term.xorb for recipe in listed for term in recipe.terms})
    files = {recipe.sha256 for recipe in listed}
    await hub.server.store.write(lambda connection: _release(connection, account_id, xorbs, files))


def _release(connection: Connection, account_id: str, xorbs: Iterable[str], files: Collection[str]) -> None:
    for name in xorbs:
        xorb, runs = xet_index.find_xorb(connection, account_id, name), xet_index.runs_of(connection, account_id, name)
        if xorb is None:
            continue
        raw = {run.sha256 for run in runs if run.is_raw}
        if _reach((run.start, run.end) for run in runs if run.sha256 not in raw) >= len(xorb.sizes):
            for sha256 in raw - set(files):
                blob_index.let_go(connection, sha256, xorb.sent_at)
                space.forget(connection, [sha256], account_id)


def _pieces(connection: Connection, account_id: str, terms: Iterable[Term]) -> list[_Piece]:
    """Return where the bytes of terms lie. Raises GoneError, WeighbridgeError."""
    known: dict[str, tuple[Xorb, list[Run]]] = {}
    pieces: list[_Piece] = []
    for term in terms:
        if term.xorb not in known:
            xorb = xet_index.find_xorb(connection, account_id, term.xorb)
            if xorb is None:
                raise GoneError
            runs = xet_index.runs_of(connection, account_id, term.xorb)
            here = blob_index.find_all(connection, sorted({run.sha256 for run in runs}))
            known[term.xorb] = xorb, [run for run in runs if run.sha256 in here]
        xorb, runs = known[term.xorb]
        hashes = xorb.hashes_of(term.start, term.end)
        if term.end > len(xorb.sizes) or xorb.offset(term.start, term.end) != term.size:
            raise wrong("a part of a file is not what its xorb holds")
        if range_hash(hashes) != term.proof:
            raise wrong("the proof of a part of a file is another one")
        pieces += _covering(xorb, runs, term)
    return pieces


def _covering(xorb: Xorb, runs: list[Run], term: Term) -> Iterator[_Piece]:
    at = term.start
    while at < term.end:
        run = max((run for run in runs if run.start <= at < run.end), key=lambda run: run.end, default=None)
        if run is None:
            raise GoneError
        end = min(run.end, term.end)
        start = run.at + xorb.offset(run.start, at)
        yield _Piece(sha256=run.sha256, start=start, end=start + xorb.offset(at, end))
        at = end


def _runs(recipe: Recipe) -> Iterator[Run]:
    at = 0
    for term in recipe.terms:
        yield Run(xorb=term.xorb, start=term.start, end=term.end, sha256=recipe.sha256, at=at, is_raw=False)
        at += term.size


async def _bytes(hub: Hub, pieces: Iterable[_Piece]) -> AsyncIterator[bytes]:
    for piece in pieces:
        blob = await hub.server.store.read(partial(blob_index.find, sha256=piece.sha256))
        if blob is None:
            raise GoneError
        async for content in hub.blobs.read(blob.place, piece.sha256, piece.start, piece.end):
            yield content
