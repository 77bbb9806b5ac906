"""`GET /api/models/{id}/refs` and `.../commits/{revision}`: branches, tags and history, as far as they are served.

Source: huggingface_hub, `hf_api.py` (`list_repo_refs`, `list_repo_commits`). llama.cpp takes the commit of `main` here.
"""

from sqlalchemy import Connection

from weighbridge.hub import branches, releases
from weighbridge.hub.branches import MAIN
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import READ
from weighbridge.hub.hf_request import API, FACE, REVISION, moment, served, told
from weighbridge.hub.look_up import Served
from weighbridge.hub.releases import Release

_MOST = 200


async def refs(call: Call) -> None:
    """Answer with the branches and tags whose release is served."""
    found = await served(call)
    if found is None:
        return
    listed: dict[str, list[dict[str, str]]] = {"branches": [], "converts": [], "tags": []}
    for name, kind, commit in await call.hub.server.store.read(lambda connection: _served_refs(connection, found)):
        head = "tags" if kind == "tag" else "heads"
        ref = {"name": name, "ref": f"refs/{head}/{name}", "targetCommit": commit}
        # Some clients take the first branch for the default one.
        listed["tags" if kind == "tag" else "branches"].insert(0 if name == MAIN else _MOST, ref)
    if call.query.get("include_prs") or call.query.get("include_pull_requests"):
        listed["pullRequests"] = []
    await call.reply_json(listed, headers=told(*found))


def _served_refs(connection: Connection, found: Served) -> list[tuple[str, str, str]]:
    model_id = found.model.model_id
    named = [one for one in branches.of_model(connection, model_id) if one.served]
    served = {one.commit_id for one in _known(connection, model_id) if one.is_served}
    return [(one.name, one.kind, one.served) for one in named if one.served in served]


async def commits(call: Call) -> None:
    """Answer with the served releases that lead to one, the newest first."""
    found = await served(call)
    if found is None:
        return
    history = await call.hub.server.store.read(lambda connection: _history(connection, found))
    shown: list[dict[str, object]] = [
        {
            "id": one.commit_id,
            "title": one.title or "Release",
            "message": "",
            "authors": [{"user": one.created_by}],
            "date": moment(one.created_at),
        }
        for one in history
    ]
    if call.query.get("expand[]") == "formatted":
        shown = [one | {"formatted": {"title": one["title"], "message": ""}} for one in shown]
    await call.reply_json(shown, headers=told(*found))


def _history(connection: Connection, found: Served) -> list[Release]:
    known = {one.commit_id: one for one in _known(connection, found.model.model_id)}
    history: list[Release] = []
    release: Release | None = found.release
    while release is not None:
        if release.is_served:
            history.append(release)
        release = known.pop(release.parent_id, None)
    return history


def _known(connection: Connection, model_id: str) -> list[Release]:
    return releases.of_model(connection, model_id, limit=10_000)


ROUTES = (
    Route(methods=("GET",), pattern=f"{API}/refs", access=READ, answer=refs, face=FACE),
    Route(methods=("GET",), pattern=f"{API}/commits/{REVISION}", access=READ, answer=commits, face=FACE),
)
