"""Checkpoints that are nothing but tensors become safetensors; everything else is refused, nothing is ever built."""

import asyncio
import json
import struct

import pytest
from tests.fleet.serving import Running
from tests.hub.checkpoints import NUMBERS, checkpoint, old_checkpoint, tensor
from tests.hub.holding import committed
from tests.hub.weighable import CARD, EVIL, work
from tests.samples.torch_files import torch_zip

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.hub import jobs, release_files, releases, requests, steps
from weighbridge.hub.names import parse_name
from weighbridge.hub.states import State
from weighbridge.hub.works import WORKS


def tensors_of(content: bytes) -> tuple[dict, bytes]:
    """Return header and data of a file of safetensors."""
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def convert(served: Running, tmp_path, files, before=lambda made: None):
    """Commit files, convert them; return the release, and the one that follows if there is one."""
    served.hub.folder = str(tmp_path)

    async def run():
        made = await committed(served, files)
        before(made)
        await served.store.write(lambda c: jobs.add(c, served.clock.now, jobs.CONVERT, made.release_id))
        await work(served.hub)
        return made

    made = asyncio.run(run())
    return made, [
        one
        for one in served.store.read_now(lambda c: releases.of_model(c, made.model_id))
        if one.release_id != made.release_id
    ]


def test_a_dictionary_of_tensors_is_converted_and_approved(served: Running, tmp_path) -> None:
    content = checkpoint(b=tensor(), a=tensor((3,), (1,), 2))
    made, (after,) = convert(served, tmp_path, {"README.md": CARD, "pytorch_model.bin": content})
    assert (after.state, after.parent_id) == (State.APPROVED, made.commit_id)
    files = {one.path: one for one in served.store.read_now(lambda c: release_files.of_release(c, after.release_id))}
    assert set(files) == {"README.md", "model.safetensors"}
    file = files["model.safetensors"]

    async def whole() -> bytes:
        return b"".join([one async for one in served.hub.blobs.read("released", file.sha256, 0, file.size)])

    header, data = tensors_of(asyncio.run(whole()))
    (old,) = [
        one
        for one in served.store.read_now(lambda c: release_files.of_release(c, made.release_id))
        if one.path.endswith(".bin")
    ]
    assert header.pop("__metadata__") == {"format": "pt", "converted_from": f"sha256:{old.sha256}"}
    assert header == {
        "a": {"dtype": "F32", "shape": [3], "data_offsets": [0, 12]},
        "b": {"dtype": "F32", "shape": [2, 3], "data_offsets": [12, 36]},
    }
    assert data == NUMBERS[8:20] + NUMBERS
    told = [one for one in served.store.read_now(lambda c: steps.about(c, [after.release_id])) if one.step == "convert"]
    assert told[0].detail["converted"] == {old.sha256: file.sha256}


def index_of(**files: str) -> bytes:
    return json.dumps({"metadata": {"total_size": 1}, "weight_map": files}).encode()


PARTS = {
    "README.md": CARD,
    "pytorch_model-00001-of-00002.bin": checkpoint(b=tensor(), a=tensor((3,), (1,), 2)),
    "pytorch_model-00002-of-00002.bin": old_checkpoint(c=tensor(old=True)),
}
WHERE = {"a": "pytorch_model-00001-of-00002.bin", "b": "pytorch_model-00001-of-00002.bin"}
INDEX = "pytorch_model.bin.index.json"


def test_a_checkpoint_in_parts_keeps_its_parts_and_its_index(served: Running, tmp_path) -> None:
    index = index_of(**WHERE, c="pytorch_model-00002-of-00002.bin")
    _, (after,) = convert(served, tmp_path, {**PARTS, INDEX: index, "extra/head.bin": checkpoint(w=tensor())})
    assert after.state is State.APPROVED, after.state_why
    files = {one.path: one for one in served.store.read_now(lambda c: release_files.of_release(c, after.release_id))}
    first, second = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
    assert set(files) == {"README.md", first, second, "model.safetensors.index.json", "extra/head.safetensors"}

    async def whole(path: str) -> bytes:
        file = files[path]
        return b"".join([one async for one in served.hub.blobs.read("released", file.sha256, 0, file.size)])

    said = json.loads(asyncio.run(whole("model.safetensors.index.json")))
    assert said == {"metadata": {"total_size": 60}, "weight_map": {"a": first, "b": first, "c": second}}
    header, data = tensors_of(asyncio.run(whole(second)))
    assert (header["c"]["shape"], data) == ([2, 3], NUMBERS)


@pytest.mark.parametrize(
    ("index", "why"),
    [
        (None, "the index of its parts is not there"),
        (index_of(**WHERE), "do not agree on where c is"),
        (index_of(**WHERE, c="pytorch_model-00003-of-00002.bin"), "names a part that is not there"),
        (b"{}", "does not say which part"),
    ],
    ids=["none", "short", "strange", "empty"],
)
def test_parts_are_converted_only_if_their_index_is_right(served: Running, tmp_path, index, why: str) -> None:
    made, others = convert(served, tmp_path, PARTS if index is None else {**PARTS, INDEX: index})
    assert others == []
    told = served.store.read_now(lambda c: steps.about(c, [made.release_id]))
    assert why in next(one.why for one in told if one.step == "convert-failed")


def test_a_release_that_cannot_be_converted_stays_and_says_why(served: Running, tmp_path) -> None:
    made, others = convert(served, tmp_path, {"pytorch_model.bin": torch_zip(EVIL)})
    assert others == []
    told = served.store.read_now(lambda c: steps.about(c, [made.release_id]))
    assert "posix.system" in next(one.why for one in told if one.step == "convert-failed")
    assert jobs.CONVERT in WORKS


def test_who_asked_for_a_checkpoint_gets_what_was_made_of_it(served: Running, tmp_path) -> None:
    ada = viewer_of(served.account("ada", Role.VIEWER))
    name = parse_name("acme/tiny")
    asked = served.store.write_now(lambda c: requests.ask(c, 1, ada, name, why="For our mail."))

    def leads(made):
        served.store.write_now(lambda c: requests.lead_to(c, 2, asked.request_id, made.release_id))

    _, (after,) = convert(
        served, tmp_path, {"README.md": CARD, "pytorch_model.bin": checkpoint(b=tensor())}, before=leads
    )
    now = served.store.read_now(lambda c: requests.by_id(c, asked.request_id))
    assert (now.state, now.release_id) == (requests.DONE, after.release_id)
