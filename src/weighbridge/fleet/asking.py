"""What the address of every list says: what to find, in which order, from where on.

A route of a list names a parameter `asked: GivenAsked`. A page decides by itself how many rows it shows, and so has
`dependencies=page_asks()` beside that.
"""

from collections.abc import Sequence
from typing import Annotated

from litestar.di import Dependency, Provide
from litestar.params import Parameter

from weighbridge.fleet.listing import MOST_ROWS, Asked
from weighbridge.fleet.query_syntax import LONGEST

MOST_COLUMNS = 20
Query = Annotated[str, Parameter(max_length=LONGEST, description="What to find; empty: everything.")]
Sort = Annotated[str, Parameter(max_length=40, description="Order; empty: the list's own.")]
Down = Annotated[bool, Parameter(description="Whether the order is turned around.")]
Cursor = Annotated[str, Parameter(max_length=2000, description="A cursor of the piece before.")]
Columns = Annotated[str, Parameter(max_length=400, description="What to show of each row, with commas.")]
Column = Annotated[list[str] | None, Parameter(max_items=MOST_COLUMNS, description="The same, one by one.")]
Limit = Annotated[int, Parameter(ge=1, le=MOST_ROWS)]
GivenAsked = Annotated[Asked, Dependency()]


def asked(
    q: Query = "", sort: Sort = "", down: Down = False, after: Cursor = "", before: Cursor = "", limit: Limit = 50
) -> Asked:
    """Return what a program asks for."""
    return Asked(query=q, sort=sort, down=down, after=after, before=before, limit=limit)


def names(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the names in texts with commas, each once, at most `MOST_COLUMNS`."""
    found = (one.strip()[:40] for text in texts for one in text[:400].split(","))
    return tuple(dict.fromkeys(one for one in found if one))[:MOST_COLUMNS]


def page_asks(query: str = "") -> dict[str, Provide]:
    """Return how a page reads its address. `query`: what it shows if nothing is asked for."""

    def asked_by_page(
        q: Query = query,
        sort: Sort = "",
        down: Down = False,
        after: Cursor = "",
        before: Cursor = "",
        columns: Columns = "",
        column: Column = None,
    ) -> Asked:
        return Asked(
            query=q, sort=sort, down=down, after=after, before=before, columns=names([columns, *(column or [])])
        )

    return {"asked": Provide(asked_by_page, sync_to_thread=False)}
