"""Folders to look at releases in: as in the release, gone afterwards, made anew after somebody died."""

import asyncio
import os
from pathlib import Path

import pytest
from obstore.store import LocalStore
from tests.fleet.serving import Running
from tests.hub.holding import committed

from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub
from weighbridge.hub.scratch import FOLDER, lay_out, scratch
from weighbridge.hub.worker import CannotError

FILES = {"config.json": b"{}", "sub/deep/a.bin": b"abc", "sub/b.bin": b"abc"}


@pytest.mark.parametrize("kind", ["memory", "folder"])
def test_files_lie_at_their_paths_for_a_while(served: Running, tmp_path: Path, kind: str) -> None:
    if kind == "folder":
        served.hub = Hub(served.server, BlobStore(LocalStore(str(tmp_path / "blobs"), mkdir=True)))
    served.hub.folder = str(tmp_path)
    left = tmp_path / FOLDER / "work" / "of-somebody-who-died"
    left.mkdir(parents=True)

    async def run() -> None:
        made = await committed(served, FILES)
        async with scratch(served.hub, "work") as folder:
            assert not left.exists()
            assert await lay_out(served.hub, made.release_id, os.path.join(folder, "files")) == 8
            found = Path(folder, "files")
            assert {str(one.relative_to(found)): one.read_bytes() for one in found.rglob("*") if one.is_file()} == FILES
            linked = os.stat(found / "sub/b.bin").st_nlink
            assert (linked > 1) == (kind == "folder")

    asyncio.run(run())
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_hub_without_a_folder_cannot_look(served: Running) -> None:
    async def run() -> None:
        async with scratch(served.hub, "work"):
            raise AssertionError("there is a folder")

    with pytest.raises(CannotError):
        asyncio.run(run())
