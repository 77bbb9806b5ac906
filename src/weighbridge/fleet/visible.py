"""Which rows a viewer may see. Every list and every page goes through here; handlers never filter by themselves.

Source: OWASP API Security Top 10 (2023), API1 "Broken Object Level Authorization".
"""

from typing import Any

from sqlalchemy import ColumnElement, Table, select, true

from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Scope


def visible(table: Table, scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a row of a table of endpoints lies within a scope."""
    return within(table.c.endpoint_id, scope)


def of_joined(scope: Scope) -> ColumnElement[bool]:
    """Return the same for a statement that joins `ENDPOINTS` and wants few rows: each is looked at, not all listed."""
    if scope.endpoint_id is not None or scope.groups is None:
        return within(ENDPOINTS.c.endpoint_id, scope)
    return ENDPOINTS.c.group_name.in_(scope.groups)


def within(endpoint_id: ColumnElement[Any], scope: Scope) -> ColumnElement[bool]:
    """Return the condition that an endpoint lies within a scope. An empty list of groups is nobody."""
    if scope.endpoint_id is not None:
        found: ColumnElement[bool] = endpoint_id == scope.endpoint_id
        return found
    if scope.groups is None:
        return true()
    return endpoint_id.in_(select(ENDPOINTS.c.endpoint_id).where(ENDPOINTS.c.group_name.in_(scope.groups)))
