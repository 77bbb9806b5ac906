"""Branches and tags as `hf repo branch` and `hf repo tag` make and remove them. They move nothing that is served.

A new one means what the revision means that it starts from, to readers and to writers alike. Source: huggingface_hub,
`hf_api.py` (`create_branch`, `delete_branch`, `create_tag`, `delete_tag`).
"""

import msgspec
from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import branches, models, refusal, releases
from weighbridge.hub.branches import MAIN
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import WRITE
from weighbridge.hub.hf_publishing import json_of, publisher
from weighbridge.hub.hf_request import API, FACE, refuse
from weighbridge.hub.models import Model
from weighbridge.hub.names import Name, is_commit, is_revision
from weighbridge.hub.refusal import Refusal


class _Branch(msgspec.Struct):
    starting_point: str | None = msgspec.field(name="startingPoint", default=None)


class _Tag(msgspec.Struct):
    tag: str


async def create_branch(call: Call) -> None:
    """Make a branch."""
    start = (await json_of(call, _Branch)).starting_point or MAIN
    await _create(call, call.parts["branch"], start, "branch")


async def create_tag(call: Call) -> None:
    """Make a tag."""
    await _create(call, (await json_of(call, _Tag)).tag, call.parts["start"], "tag")


async def delete_branch(call: Call) -> None:
    """Remove a branch."""
    await _delete(call, call.parts["branch"], "branch")


async def delete_tag(call: Call) -> None:
    """Remove a tag."""
    await _delete(call, call.parts["start"], "tag")


async def _create(call: Call, new: str, start: str, kind: str) -> None:
    allowed = await publisher(call)
    if allowed is None:
        return
    name, viewer = allowed
    if not is_revision(new) or is_commit(new):
        raise RefusedError(400, "E-model-revision", f"no {kind} can be called {new[:100]!r}", "write v1, or 2026-11")
    now, origin = call.hub.server.clock(), call.hub.origin
    why = await call.hub.server.store.write(
        lambda connection: _created(connection, now, origin, viewer, name, new, start, kind)
    )
    await _done(call, why)


def _created(
    connection: Connection, now: int, origin: str, viewer: Viewer, name: Name, new: str, start: str, kind: str
) -> Refusal | None:
    model = _model(connection, name)
    if branches.find(connection, model.model_id, new) is not None:
        raise RefusedError(409, "E-model-revision", f"{model.full_name} has {new} already", "choose another name")
    found = _meant(connection, model, start)
    if found is None:
        return refusal.no_revision(origin, model.full_name, start)
    served, staged = found
    branches.point(connection, now, model.model_id, new, served=served, staged=staged, kind=kind)
    audit.note(connection, now, viewer, f"model.{kind}", model.model_id, {"name": new, "from": start})
    return None


def _meant(connection: Connection, model: Model, start: str) -> tuple[str, str] | None:
    """Return the commits that a revision means to readers and to writers; None if there is no such revision."""
    branch = branches.find(connection, model.model_id, start)
    if branch is not None:
        return branch.served, branch.staged
    if is_commit(start):
        release = releases.of_commit(connection, model.model_id, start)
        if release is not None:
            return start if release.is_served else "", start
    return ("", "") if start == MAIN else None


async def _delete(call: Call, which: str, kind: str) -> None:
    allowed = await publisher(call)
    if allowed is None:
        return
    name, viewer = allowed
    if which == MAIN:
        raise RefusedError(403, "E-model-revision", "a model keeps its main branch", "upload what it should hold")
    now, origin = call.hub.server.clock(), call.hub.origin
    why = await call.hub.server.store.write(
        lambda connection: _deleted(connection, now, origin, viewer, name, which, kind)
    )
    await _done(call, why)


def _deleted(
    connection: Connection, now: int, origin: str, viewer: Viewer, name: Name, which: str, kind: str
) -> Refusal | None:
    model = _model(connection, name)
    branch = branches.find(connection, model.model_id, which)
    if branch is None or branch.kind != kind:
        return refusal.no_revision(origin, model.full_name, which)
    branches.drop(connection, model.model_id, which)
    audit.note(connection, now, viewer, f"model.{kind}.remove", model.model_id, {"name": which})
    return None


def _model(connection: Connection, name: Name) -> Model:
    model = models.by_name(connection, name)
    if model is None:
        raise RefusedError(404, "E-not-found", f"there is no {name}", "upload a file to it first")
    return model


async def _done(call: Call, why: Refusal | None) -> None:
    if why is None:
        await call.reply_json({})
    else:
        await refuse(call, why)


_BRANCH, _START = "(?P<branch>[^/]+)", "(?P<start>[^/]+)"
ROUTES = (
    Route(methods=("POST",), pattern=f"{API}/branch/{_BRANCH}", access=WRITE, answer=create_branch, face=FACE),
    Route(methods=("DELETE",), pattern=f"{API}/branch/{_BRANCH}", access=WRITE, answer=delete_branch, face=FACE),
    Route(methods=("POST",), pattern=f"{API}/tag/{_START}", access=WRITE, answer=create_tag, face=FACE),
    Route(methods=("DELETE",), pattern=f"{API}/tag/{_START}", access=WRITE, answer=delete_tag, face=FACE),
)
