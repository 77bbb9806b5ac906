"""What can be shown of each row of a list: every plain value that its JSON has, by name.

Pages show chosen columns, exports write them. An unknown name is an error that says the nearest.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from weighbridge.fleet.endpoints import Endpoint
from weighbridge.fleet.list_routes import NamedFinding, SpreadArtifact
from weighbridge.fleet.listed_agents import AgentOnEndpoint, AgentSummary
from weighbridge.fleet.listed_artifacts import Spread
from weighbridge.fleet.listed_records import FoundRecord
from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.nearest import did_you_mean

_NESTED = "spread"
_ROWS: Mapping[str, type[Struct]] = {
    "agents": AgentSummary,
    "agents-on-endpoints": AgentOnEndpoint,
    "artifacts": SpreadArtifact,
    "endpoints": Endpoint,
    "findings": NamedFinding,
    "records": FoundRecord,
}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: (
        *(one for one in kind.__struct_fields__ if one != _NESTED),
        *(f"{_NESTED}_{one}" for one in Spread.__struct_fields__ if name == "artifacts"),
    )
    for name, kind in _ROWS.items()
}
"""Of each list, in the order of its JSON."""


def chosen(what: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a list that were asked for; all if none were. Raises WeighbridgeError E-query."""
    known = COLUMNS[what]
    for name in names:
        if name not in known:
            raise WeighbridgeError("E-query", f"{what} have no column `{name}`", did_you_mean(name, known))
    return tuple(names) or known


def value(row: Struct, name: str) -> Any:  # noqa: ANN401  (of whatever column)
    """Return what a row has in a column."""
    if name.startswith(f"{_NESTED}_"):
        return getattr(getattr(row, _NESTED), name.removeprefix(f"{_NESTED}_"))
    return getattr(row, name)
