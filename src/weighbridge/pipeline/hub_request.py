"""Asking the hub for a model, and following what becomes of it.

Source: the hub's own API, `/api/v1/openapi.json` (`/api/v1/model-requests`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import quote

from msgspec import Struct, json

from weighbridge.host.fleet_http import FleetClient
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_catalog import decoded
from weighbridge.pipeline.hub_listing import asked

PATH = "/api/v1/model-requests"
WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"
_STATES = {"waiting": WAITING, "done": APPROVED, "refused": REFUSED}
_STAGES = {
    "": "it is being fetched",
    "fetching": "its bytes are on their way into quarantine",
    "quarantined": "it is about to be weighed",
    "weighing": "it is being weighed",
    "review": "a person decides",
}
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds between two questions; each pause is half as long again as the one before."""


@record
class Standing:
    """How a request stands."""

    request_id: str
    name: str
    revision: str
    state: str
    """`WAITING`, `APPROVED` or `REFUSED`."""
    said: str
    """What it waits for, or why it was refused."""
    commit: str
    """The release that came of it; empty as long as there is none."""
    asked_at: int
    """Milliseconds since 1970, UTC."""


class _Request(Struct):
    request_id: str
    name: str
    revision: str
    state: str
    reason: str
    asked_at: int
    release_state: str = ""


class _Release(Struct):
    commit_id: str
    state: str
    state_why: str


class _Job(Struct):
    kind: str
    state: str
    reason: str


class _Story(Struct):
    request: _Request
    release: _Release | None
    jobs: list[_Job]


def ask(
    client: FleetClient,
    access: HubAccess,
    name: str,
    *,
    why: str,
    task: str = "",
    data_classes: Sequence[str] = (),
    revision: str = "main",
) -> Standing:
    """Ask for a model; whoever asks for what somebody asked for already joins them.

    Args:
        client: the way to the hub.
        access: who asks.
        name: `namespace/name`, as it is called upstream.
        why: what it is for.
        task: `coding`, `embedding`, ...
        data_classes: data that it would be given.
        revision: a branch, a tag or a commit.

    Raises:
        WeighbridgeError: as `asked`.
    """
    wanted = {"name": name, "why": why, "task": task, "data_classes": list(data_classes), "revision": revision}
    made = decoded(asked(client, PATH, access, json.encode(wanted)).body, _Request)
    return standing(client, access, made.request_id)


def standing(client: FleetClient, access: HubAccess, request_id: str) -> Standing:
    """Return how a request stands. Raises as `asked`."""
    story = decoded(asked(client, f"{PATH}/{quote(request_id, safe='')}", access).body, _Story)
    found = _standing(story.request)
    said = _waits_for(story) if found.state == WAITING else found.said
    return replace(found, said=said, commit=story.release.commit_id if story.release else "")


def listed(client: FleetClient, access: HubAccess) -> list[Standing]:
    """Return one's own requests, the newest first. Raises as `asked`."""
    found = decoded(asked(client, f"{PATH}?mine=true", access).body, list[_Request])
    return [_standing(one) for one in found]


def followed(
    client: FleetClient,
    access: HubAccess,
    begun: Standing,
    *,
    wait: Callable[[float], None],
    longest: float,
    told: Callable[[Standing], None],
) -> Standing:
    """Follow a request until it is decided, or for so long; return how it stands then.

    Args:
        client: the way to the hub.
        access: who asks.
        begun: how it stood.
        wait: waits for so many seconds.
        longest: seconds after which nobody waits any more.
        told: gets each new standing.

    Raises:
        WeighbridgeError: as `asked`; a hub that cannot be reached is asked again until the time is over.
    """
    now, pause, waited = begun, FIRST_PAUSE, 0.0
    while now.state == WAITING and waited < longest:
        wait(min(pause, longest - waited))
        waited += pause
        pause = min(pause * 1.5, LONGEST_PAUSE)
        try:
            following = standing(client, access, now.request_id)
        except WeighbridgeError as error:
            if error.code != "E-hub-unreachable" or waited >= longest:
                raise
            continue
        if following != now:
            told(following)
        now = following
    return now


def _standing(request: _Request) -> Standing:
    return Standing(
        request_id=request.request_id,
        name=request.name,
        revision=request.revision,
        state=_STATES.get(request.state, WAITING),
        said=request.reason or (_stage(request.release_state) if request.state == WAITING else ""),
        commit="",
        asked_at=request.asked_at,
    )


def _stage(release_state: str) -> str:
    return _STAGES.get(release_state, release_state)


def _waits_for(story: _Story) -> str:
    failed = next((one for one in story.jobs if one.state == "failed"), None)
    if failed is not None:
        return f"something went wrong, and whoever runs the hub sees it: {failed.reason}"
    if story.release is None:
        return story.request.reason or _stage("")
    stage = _stage(story.release.state)
    return f"{stage}: {story.release.state_why}" if story.release.state_why else stage
