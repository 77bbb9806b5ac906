"""What the hub's catalog says: models for a task, and whether a model can be pulled.

Source: the hub's own API, `/api/v1/openapi.json` (`/api/v1/models`).
"""

from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote

from msgspec import DecodeError, Struct, ValidationError, json

from weighbridge.host.fleet_http import FleetClient
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_listing import asked, nonsense

APPROVED, DEPRECATED = "approved", "deprecated"
_MOST = 200
_Answer = TypeVar("_Answer")


@record
class Recommended:
    """A model that the catalog recommends for a task."""

    name: str
    revision: str
    """The branch or tag under which it is served: `main`, of most."""
    commit: str
    version: str
    approved_on: str
    """The day, UTC."""
    data_classes: str
    """Data that it may be given, with commas; empty if nobody said."""
    why: str
    """Why it and no other, in a few words."""
    others: tuple[str, ...]
    """Names of the other models for this task, the next best first."""


class _Entry(Struct):
    name: str
    revision: str
    pulls: int
    commit_id: str
    version: str
    state: str
    state_at: int
    data_classes: str


class _Catalog(Struct):
    models: list[_Entry]


class _Release(Struct):
    state: str


class _Page(Struct):
    release: _Release | None


def recommended(client: FleetClient, access: HubAccess, task: str) -> Recommended:
    """Return the model for a task that the hub puts first: an approved one, the one that was pulled most, the newest.

    Args:
        client: the way to the hub.
        access: who asks.
        task: `coding`, `embedding`, as the catalog calls it.

    Raises:
        WeighbridgeError: `E-pull-task` if there is none; as `asked`.
    """
    wanted = quote(task.strip().lower(), safe="")
    reply = asked(client, f"/api/v1/models?task={wanted}&sort=best&limit={_MOST}", access)
    found = decoded(reply.body, _Catalog).models
    if not found:
        raise WeighbridgeError(
            "E-pull-task",
            f"the catalog has no model for {task[:100]!r}",
            f"look at what it has: {access.url}/catalog, or ask for one: wb request NAME --why ...",
            exit_code=3,
        )
    best, *others = found
    return Recommended(
        name=best.name,
        revision=best.revision,
        commit=best.commit_id,
        version=best.version,
        approved_on=day(best.state_at),
        data_classes=best.data_classes,
        why=_why(best, others),
        others=tuple(one.name for one in others),
    )


def _why(best: _Entry, others: list[_Entry]) -> str:
    """Return why a model comes before others that the hub sorted behind it."""
    if best.state == DEPRECATED:
        return "deprecated, and nothing else is there for it"
    rivals = [one for one in others if one.state == APPROVED]
    if not rivals:
        return "the only approved one" if others else "the only one"
    if best.pulls > rivals[0].pulls:
        return f"pulled most: {best.pulls:,} of {sum(one.pulls for one in (best, *rivals)):,} times"
    return "the newest of those that are pulled as much" if best.pulls else "the newest"


def is_approved(client: FleetClient, access: HubAccess, name: str) -> bool:
    """Tell whether `main` of a model can be pulled now. Raises as `asked`, but for a model that is not there."""
    try:
        release = model_page(client, access, name).release
    except WeighbridgeError as error:
        if error.code != "E-hub-refused":
            raise
        return False
    return release is not None and release.state in (APPROVED, DEPRECATED)


def model_page(client: FleetClient, access: HubAccess, name: str) -> _Page:
    """Return what the catalog has under a name. Raises as `asked`."""
    namespace, _, last = name.rpartition("/")
    reply = asked(client, f"/api/v1/models/{quote(namespace or 'library')}/{quote(last)}", access)
    return decoded(reply.body, _Page)


def decoded(body: bytes, kind: type[_Answer]) -> _Answer:
    """Return an answer of the hub's API. Raises WeighbridgeError `E-hub-answer`."""
    try:
        return json.decode(body, type=kind)
    except (DecodeError, ValidationError) as error:
        raise nonsense(str(error)) from None


def day(milliseconds: int) -> str:
    """Return the day of a moment, UTC; empty for one that no calendar has."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%d")
    except (ValueError, OverflowError, OSError):
        return ""
