"""What a person sees who decides: what waits, and all evidence about one release."""

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.permissions import Viewer
from weighbridge.hub import models, release_files, releases, requests, steps, weighed
from weighbridge.hub.caller import Caller, may_review
from weighbridge.hub.model_page import MOST_FILES
from weighbridge.hub.models import Model
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.hub.requests import ModelRequest
from weighbridge.hub.states import State
from weighbridge.hub.steps import Step
from weighbridge.hub.weighed import Weighed

SHOWN = (State.REVIEW, State.FAILED, State.WEIGHING, State.QUARANTINED, State.FETCHING, State.EXPIRED)
"""States in the order in which the queue shows them."""
_MOST = 100


class Waiting(Struct, frozen=True, kw_only=True):
    """A release that waits, and of which model it is."""

    model: Model
    release: Release
    reasons: tuple[str, ...]
    """Why a person has to look."""


class Review(Struct, frozen=True, kw_only=True):
    """All evidence about one release."""

    model: Model
    release: Release
    weighed: Weighed | None
    files: list[ReleaseFile]
    requests: list[ModelRequest]
    steps: list[Step]
    """What was done with it, the latest first."""
    others: list[Release]
    """Other releases of the model, the newest first."""


def waiting(connection: Connection, viewer: Viewer) -> list[Waiting]:
    """Return releases that wait in namespaces where somebody decides, at most a hundred of each state."""
    found = []
    for state in SHOWN:
        for release in releases.in_state(connection, state, limit=_MOST):
            model = models.by_id(connection, release.model_id)
            if may_review(connection, Caller(viewer=viewer), model.namespace):
                said = weighed.of_release(connection, release.release_id) if state is State.REVIEW else None
                found.append(Waiting(model=model, release=release, reasons=said.reasons if said else ()))
    return found


def read(connection: Connection, viewer: Viewer, release_id: str) -> Review | None:
    """Return all evidence about a release; None if there is no such where somebody decides."""
    release = releases.find(connection, release_id)
    if release is None:
        return None
    model = models.by_id(connection, release.model_id)
    if not may_review(connection, Caller(viewer=viewer), model.namespace):
        return None
    return Review(
        model=model,
        release=release,
        weighed=weighed.of_release(connection, release_id),
        files=release_files.of_release(connection, release_id, limit=MOST_FILES),
        requests=requests.of_release(connection, release_id),
        steps=steps.about(connection, [release_id]),
        others=[one for one in releases.of_model(connection, model.model_id, limit=50) if one.release_id != release_id],
    )
