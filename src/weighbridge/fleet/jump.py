"""Where a few typed characters lead: a digest, an endpoint by its name or id, a list by a saved view; else a search.

Each is found by an index: the digest by the key of `artifacts`, an endpoint by its key or its name.
"""

import re
from urllib.parse import quote, urlencode

from sqlalchemy import Connection, select

from weighbridge.fleet import listed_artifacts, saved_views
from weighbridge.fleet.artifacts import ARTIFACTS
from weighbridge.fleet.endpoints import ENDPOINTS
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.query_syntax import Term, text_of
from weighbridge.fleet.visible import visible

LONGEST = 200
_DIGEST = re.compile(r"(?:sha256[:-])?([0-9a-fA-F]{4,64})")
_AFTER_HEXADECIMAL = "g"


def path_to(connection: Connection, viewer: Viewer, text: str) -> str:
    """Return the address of a page for what somebody typed: what they see of it, or a list that looks for it."""
    wanted = "".join(one for one in text if one.isprintable()).strip()[:LONGEST]
    view = saved_views.by_name(connection, viewer, wanted)
    if view is not None:
        return saved_views.address(view)
    if found := _artifact(connection, viewer, wanted):
        return found
    if viewer.may(Permission.FLEET_READ):
        query = select(ENDPOINTS.c.endpoint_id).where(visible(ENDPOINTS, viewer.scope))
        for condition in (ENDPOINTS.c.endpoint_id == wanted.lower(), ENDPOINTS.c.name == wanted):
            names = list(connection.execute(query.where(condition).limit(2)).scalars())
            if len(names) == 1:
                return f"/endpoints/{quote(names[0], safe='')}"
            if names:
                return "/endpoints?" + urlencode({"q": text_of(Term(field="name", value=wanted, exact=True))})
    return "/artifacts?" + urlencode({"q": text_of(Term(field=None, value=wanted, exact=True)) if wanted else ""})


def _artifact(connection: Connection, viewer: Viewer, wanted: str) -> str:
    matched = _DIGEST.fullmatch(wanted)
    if matched is None:
        return ""
    begins = matched[1].lower()
    shown = listed_artifacts.listing(viewer.scope).rows.with_only_columns(
        ARTIFACTS.c.sha256, maintain_column_froms=True
    )
    among = shown.where(ARTIFACTS.c.sha256 >= begins, ARTIFACTS.c.sha256 < begins + _AFTER_HEXADECIMAL)
    found = list(connection.execute(among.order_by(ARTIFACTS.c.sha256).limit(2)).scalars())
    if len(found) == 1:
        return f"/artifacts/{found[0]}"
    return "/artifacts?" + urlencode({"q": f"digest:{begins}"}) if found else ""
