"""What becomes of a release: from the first byte fetched to the last warm cache that forgets it.

A release is served in two of these states. Which move is possible stands in one table; who makes it is checked by the
routes, and each is a record.
"""

from enum import StrEnum

from weighbridge.model.errors import WeighbridgeError


class State(StrEnum):
    """Where a release is in its life."""

    FETCHING = "fetching"
    """Its bytes are on their way into quarantine."""
    QUARANTINED = "quarantined"
    """All bytes are here and verified; nobody has looked into them."""
    WEIGHING = "weighing"
    """The worker looks into them."""
    REVIEW = "review"
    """Weighed; a person decides."""
    APPROVED = "approved"
    DEPRECATED = "deprecated"
    """Still served, with a word of what to use instead."""
    REVOKED = "revoked"
    """Never served again; caches are told to forget it."""
    REJECTED = "rejected"
    EXPIRED = "expired"
    """Its approval ended by time; a person may renew it."""
    FAILED = "failed"
    """It could not be fetched or weighed; why stands beside it."""


SERVED = frozenset({State.APPROVED, State.DEPRECATED})
"""States whose bytes leave the hub."""
OFFERED = SERVED | {State.REVOKED, State.EXPIRED}
"""States of what readers get, or got once."""
PENDING = frozenset({State.FETCHING, State.QUARANTINED, State.WEIGHING, State.REVIEW})
"""States that somebody may wait for."""
MOVES: dict[State, frozenset[State]] = {
    State.FETCHING: frozenset({State.QUARANTINED, State.FAILED, State.REJECTED}),
    State.QUARANTINED: frozenset({State.WEIGHING, State.REJECTED, State.REVOKED}),
    State.WEIGHING: frozenset({State.REVIEW, State.APPROVED, State.QUARANTINED, State.FAILED, State.REJECTED}),
    State.REVIEW: frozenset({State.APPROVED, State.REJECTED, State.WEIGHING, State.REVOKED}),
    State.APPROVED: frozenset({State.DEPRECATED, State.REVOKED, State.EXPIRED, State.WEIGHING, State.REVIEW}),
    State.DEPRECATED: frozenset({State.APPROVED, State.REVOKED, State.EXPIRED, State.REVIEW}),
    State.REVOKED: frozenset({State.REVIEW}),
    State.REJECTED: frozenset({State.WEIGHING, State.REVIEW, State.REVOKED}),
    State.EXPIRED: frozenset({State.APPROVED, State.WEIGHING, State.REVIEW, State.REVOKED}),
    State.FAILED: frozenset({State.FETCHING, State.QUARANTINED, State.REJECTED}),
}
"""From each state, those that may follow. A revocation is taken back into review, never straight into service."""


def check_move(before: State, after: State) -> None:
    """Raise WeighbridgeError `E-release-state` if a release cannot go from one state to another."""
    if after not in MOVES[before]:
        possible = ", ".join(sorted(MOVES[before]))
        raise WeighbridgeError(
            "E-release-state", f"a release that is {before} cannot become {after}", f"it can become {possible}"
        )
