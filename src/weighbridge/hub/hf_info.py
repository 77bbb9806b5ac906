"""`GET /api/models/{id}[/revision/{revision}]`: what a model is, and the commit that a revision means.

Source: huggingface_hub, `hf_api.py` (`model_info`, `ModelInfo`); transformers asks here before each model.
"""

from collections.abc import AsyncIterator

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import heads
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import READ
from weighbridge.hub.hf_account import not_to_publish
from weighbridge.hub.hf_entries import all_files, sibling
from weighbridge.hub.hf_request import (
    API,
    FACE,
    REVISION,
    given,
    is_on,
    moment,
    name_of,
    reply_with_list,
    served,
    told,
)
from weighbridge.hub.hf_security import repository_status
from weighbridge.hub.look_up import Served

_ALWAYS = ("_id", "id")
_XET = "xetEnabled"
"""What `upload_large_folder` of huggingface_hub 0.36 asks alone before it uploads: of models that have no release yet,
or one that is not approved. It decides by it how many files it sends at once."""


async def model_info(call: Call) -> None:
    """Answer with a model, at a revision."""
    wanted = given(call, "expand", "expand[]")
    if wanted == [_XET] and await _may_publish(call):
        await call.reply_json({"_id": str(name_of(call)), "id": str(name_of(call)), _XET: False})
        return
    found = await served(call)
    if found is None:
        return
    if len(wanted) > 100:
        raise RefusedError(400, "E-request", "these are too many fields", "name each once")
    known = await call.hub.server.store.read(lambda connection: heads.of_model(connection, found.model.model_id))
    head = described(found, known.pulls if known is not None else 0)
    if is_on(call, "securityStatus") or "securityRepoStatus" in wanted:
        head["securityRepoStatus"] = await call.hub.server.store.read(
            lambda connection: repository_status(connection, found.release)
        )
    head["usedStorage"] = found.release.size
    if wanted:
        head = {key: value for key, value in head.items() if key in wanted or key in _ALWAYS}
    headers = told(*found)
    if wanted and "siblings" not in wanted:
        await call.reply_json(head, headers=headers)
        return
    sized = is_on(call, "blobs")

    async def pages() -> AsyncIterator[list[dict[str, object]]]:
        async for page in all_files(call.hub.server.store, found.release):
            yield [sibling(file, sized=sized) for file in page]

    await reply_with_list(call, head, "siblings", pages(), headers)


async def _may_publish(call: Call) -> bool:
    asked, name, origin = call.caller, name_of(call), call.hub.origin
    return await call.hub.server.store.read(lambda connection: not_to_publish(connection, asked, name, origin)) is None


def described(found: Served, pulls: int) -> dict[str, object]:
    """Return a model as lists of models have it. `pulls`: how often it was pulled."""
    model, release = found
    tags = [*model.tasks, *filter(None, (word.strip() for word in release.formats.split(",")))]
    if release.license:
        tags.append(f"license:{release.license}")
    described: dict[str, object] = {
        "_id": model.model_id,
        "id": model.full_name,
        "modelId": model.full_name,
        "author": model.namespace,
        "sha": release.commit_id,
        "createdAt": moment(model.created_at),
        "lastModified": moment(release.state_at),
        "private": False,
        "gated": False,
        "disabled": False,
        "downloads": pulls,
        "likes": 0,
        "tags": tags,
    }
    if model.tasks:
        described["pipeline_tag"] = model.tasks[0]
    if release.license:
        described["cardData"] = {"license": release.license}
    return described


ROUTES = (
    Route(methods=("GET",), pattern=f"{API}/revision/{REVISION}", access=READ, answer=model_info, face=FACE),
    Route(methods=("GET",), pattern=API, access=READ, answer=model_info, face=FACE),
)
