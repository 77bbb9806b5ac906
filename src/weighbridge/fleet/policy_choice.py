"""Which policy each endpoint should have, answered with every message without asking the database each time."""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection, select

from weighbridge.fleet import policy_rings, rulings
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.policy_rings import Rollout
from weighbridge.fleet.store import Store
from weighbridge.sync.policy_updates import held_of
from weighbridge.sync.rulings import CATALOG, numbers_text

SECONDS = 10.0
"""After how long a roll-out that was halted stops everywhere, on every server of a database."""


class _Plan(NamedTuple):
    rollout: Rollout | None
    groups: dict[str, str]
    """Endpoints of the groups that rings name."""
    labels: dict[str, list[str]]
    """Labels that rings name, by the endpoints that have them."""
    rulings: str = ""
    """The newest rulings: `sync.rulings.numbers_text`."""
    catalog: int = 0
    """The newest text of what the catalog approved."""


class PolicyChoice:
    """Answers which policy an endpoint should have.

    Args:
        store: of the fleet.
        steady: seconds that never step.
    """

    def __init__(self, store: Store, steady: Callable[[], float]) -> None:
        self._store, self._steady = store, steady
        self._plan = _Plan(None, {}, {})
        self._until = float("-inf")

    async def __call__(self, endpoint_id: str, said: str) -> str:
        """Return the number of the policy that an endpoint should have, as a text; empty for none.

        Args:
            endpoint_id: which endpoint.
            said: what it says that it has (`sync.policy_updates.held_text`).
        """
        now = self._steady()
        if now >= self._until:
            self._until = now + SECONDS
            self._plan = await self._store.read(_plan)
        held, _ = held_of(said)
        group = self._plan.groups.get(endpoint_id, "")
        number = policy_rings.wanted(
            self._plan.rollout, endpoint_id, group, held, self._plan.labels.get(endpoint_id, ())
        )
        return str(number) if number else ""

    @property
    def rulings(self) -> str:
        """Which rulings are the newest, as they were looked at with the last message; every endpoint gets them."""
        return self._plan.rulings

    @property
    def catalog(self) -> int:
        """Which text of what the catalog approved is the newest, as `rulings`."""
        return self._plan.catalog

    def forget(self) -> None:
        """Look again with the next message, after somebody changed a roll-out here."""
        self._until = float("-inf")


def _plan(connection: Connection) -> _Plan:
    rollout = policy_rings.current(connection)
    names = set() if rollout is None else {group for ring in rollout.rings for group in ring.groups}
    numbers = rulings.numbers(connection)
    newest = numbers_text(numbers), numbers.get(CATALOG, 0)
    labels = {} if rollout is None else policy_rings.labelled(connection, rollout)
    if not names:
        return _Plan(rollout, {}, labels, *newest)
    query = select(ENDPOINTS.c.endpoint_id, ENDPOINTS.c.group_name).where(ENDPOINTS.c.group_name.in_(sorted(names)))
    return _Plan(rollout, {row[0]: row[1] for row in connection.execute(query)}, labels, *newest)
