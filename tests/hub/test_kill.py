"""A process that is killed while it stores: what it acknowledged is there, nothing is half there, the rest goes on."""

import asyncio
import hashlib
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.fleet.server_process import ServerProcess
from tests.hub.storing_child import SIZE, content, pieces

from weighbridge.fleet import accounts
from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.store import Store
from weighbridge.hub import hub_tokens
from weighbridge.hub.blob_index import PLACES
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.checking import digest_of

ROOT = Path(__file__).resolve().parents[2]


def check(folder: Path, acknowledged: set[str]) -> None:
    """See that what lies under a digest has it, and that all is there that was acknowledged."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_relative_to(folder / "incoming"):
            digest = digest_of(str(path.relative_to(folder)))
            assert digest is not None, path
            found[digest] = hashlib.sha256(path.read_bytes()).hexdigest()
    assert all(name == really for name, really in found.items())
    assert acknowledged <= set(found)


def killed_after(folder: Path, seed: int, steps: int) -> tuple[set[str], list[str]]:
    """Let a process store, kill it after some steps; return what it acknowledged, and its last steps."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hub.storing_child", str(folder), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout:
        said = [process.stdout.readline().strip() for _ in range(steps)]
        process.kill()
        said += process.stdout.read().split("\n")[:-1]
    process.wait(60)
    assert all(said)
    return {line.split()[1] for line in said if line.startswith("stored")}, said


@pytest.mark.parametrize("round_", [*range(3), *(pytest.param(one, marks=pytest.mark.deep) for one in range(3, 40))])
def test_a_killed_process_leaves_nothing_half_done(tmp_path, round_) -> None:
    # The third meets the whole of a blob in parts; the others are anywhere.
    steps = (5, 14, 28)[round_] if round_ < 3 else random.Random(round_).randrange(1, 90)
    acknowledged, _ = killed_after(tmp_path, round_, steps)
    check(tmp_path, acknowledged)

    async def go_on() -> None:
        blobs = BlobStore.open(str(tmp_path))
        for one in [one async for one in blobs.incoming()]:
            name = one.path.split("/")[1]
            if not re.fullmatch(f"{round_:016x}[0-9a-f]{{16}}", name):
                await blobs.drop(name)  # what came in at once, which nobody goes on with
                continue
            body = content(round_, int(name[16:], 16))
            intake = await blobs.intake(name)
            assert intake.size <= SIZE
            await intake.take(pieces(body, intake.size), most=SIZE)
            await blobs.keep(intake, sha256=hashlib.sha256(body).hexdigest())
            await intake.close()
        assert [one async for one in blobs.incoming()] == []
        # A second process takes up the same folder as if nothing had been.
        again = await blobs.receive(pieces(content(round_, 0)), most=SIZE)
        places = [place for place in PLACES if await blobs.size(place, again.sha256) is not None]
        assert places

    asyncio.run(go_on())
    check(tmp_path, acknowledged)


@pytest.mark.deep
@pytest.mark.parametrize("steps", [0, 1, 5])
def test_a_killed_server_goes_on_with_uploads(tmp_path, steps) -> None:
    database, part = f"sqlite:///{tmp_path}/fleet.db", 400_000
    store = Store.open(database)
    migrate(store)
    account = store.write_now(lambda c: accounts.add(c, 1, "ada", Role.ANALYST))
    now = 1_000 * int(Path(tmp_path).stat().st_mtime)
    token = store.write_now(lambda c: hub_tokens.make(c, now, account.account_id, name="test", right="write"))[1]
    store.close()
    body, headers = content(7, 7), {"Authorization": f"Bearer {token}"}
    digest = hashlib.sha256(body).hexdigest()

    server = ServerProcess(database, tmp_path / "state")
    address = server.client.post("/v2/acme/tiny/blobs/uploads/", headers=headers).headers["location"]
    address = address.removeprefix(server.origin)
    for number in range(steps):
        some = body[number * part : (number + 1) * part]
        put = {"Content-Range": f"{number * part}-{number * part + len(some) - 1}"}
        assert server.client.patch(address, headers=headers | put, content=some).status_code == 202

    def breaks_off() -> Iterator[bytes]:
        yield body[steps * part :][:part]
        server.process.kill()
        yield body[(steps + 1) * part :]

    with pytest.raises(httpx.HTTPError):
        server.client.patch(address, headers=headers, content=breaks_off())
    server.kill()

    server = ServerProcess(database, tmp_path / "state")
    try:
        state = server.client.get(address, headers=headers)
        # The standard writes `0-0` of one byte and of none.
        here = int(state.headers["range"].partition("-")[2]) + 1
        here = 0 if here == 1 else here
        assert here >= steps * part
        rest = server.client.patch(
            address, headers=headers | {"Content-Range": f"{here}-{SIZE - 1}"}, content=body[here:]
        )
        assert rest.status_code == 202
        done = server.client.put(f"{address}?digest=sha256:{digest}", headers=headers)
        assert done.status_code == 201, done.text
    finally:
        server.kill()
    check(tmp_path / "state" / "hub", {digest})
