"""What waits for somebody to decide, and why."""

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet.permissions import Viewer
from weighbridge.hub import models, releases, weighed
from weighbridge.hub.caller import Caller, may_review
from weighbridge.hub.models import Model
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State

SHOWN = (State.REVIEW, State.FAILED, State.WEIGHING, State.QUARANTINED, State.FETCHING, State.EXPIRED)
"""States in the order in which the queue shows them."""
_MOST = 100


class Waiting(Struct, frozen=True, kw_only=True):
    """A release that waits, and of which model it is."""

    model: Model
    release: Release
    reasons: tuple[str, ...]
    """Why a person has to look."""


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
