import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, create_engine, insert, select

from weighbridge.fleet.listing import MOST_COUNTED, Asked, Listing, Piece, piece
from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched
from weighbridge.model.errors import WeighbridgeError

NOW = datetime(2026, 11, 21, tzinfo=UTC)
METADATA = MetaData()
ROWS = Table(
    "rows",
    METADATA,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("size", BigInteger, nullable=False),
)
LISTING = Listing(
    rows=select(ROWS),
    searched=Searched(
        fields={"name": Field(kind=FieldKind.KEYWORD, about="name")},
        columns={"name": ROWS.c.name},
        within={},
        words=(ROWS.c.name,),
    ),
    sorts={"size": ROWS.c.size, "name": ROWS.c.name},
    key=(ROWS.c.id,),
    newest_first=True,
)


@pytest.fixture(scope="module")
def connection() -> Connection:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    connection = engine.connect()
    connection.execute(
        insert(ROWS), [{"id": f"{n:03}", "name": "even" if n % 2 == 0 else "odd", "size": n % 7} for n in range(100)]
    )
    return connection


def ids(found: Piece) -> list[str]:
    return [row.id for row in found.rows]


@pytest.mark.parametrize("sort", ["", "size", "name"])
@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("limit", [1, 7, 50, 100])
def test_pieces_make_the_whole_list_forwards_and_backwards(
    connection: Connection, sort: str, limit: int, *, down: bool
) -> None:
    whole = ids(piece(connection, LISTING, Asked(sort=sort, down=down, limit=500), NOW))
    assert len(set(whole)) == 100
    found = piece(connection, LISTING, Asked(sort=sort, down=down, limit=limit), NOW)
    assert not found.before
    seen, pieces = ids(found), [found]
    while found.after:
        found = piece(connection, LISTING, Asked(sort=sort, down=down, limit=limit, after=found.after), NOW)
        seen += ids(found)
        pieces.append(found)
    assert seen == whole
    for expected in reversed(pieces[:-1]):
        found = piece(connection, LISTING, Asked(sort=sort, down=down, limit=limit, before=found.before), NOW)
        assert ids(found) == ids(expected)
    assert not found.before


def test_the_lists_own_order_begins_with_the_newest(connection: Connection) -> None:
    found = piece(connection, LISTING, Asked(limit=1), NOW)
    assert (found.sort, found.down, found.rows[0].size) == ("size", True, 6)


def test_a_query_narrows_rows_and_count(connection: Connection) -> None:
    found = piece(connection, LISTING, Asked(query="name:even", limit=10), NOW)
    assert found.total == 50
    assert {row.name for row in found.rows} == {"even"}


def test_counting_stops(connection: Connection) -> None:
    many = Listing(
        rows=select(ROWS.c.id, ROWS.c.name, ROWS.c.size)
        .join(ROWS.alias("more"), onclause=ROWS.c.id != "")
        .join(ROWS.alias("most"), onclause=ROWS.c.id != ""),
        searched=LISTING.searched,
        sorts=LISTING.sorts,
        key=LISTING.key,
    )
    assert piece(connection, many, Asked(limit=1), NOW).total == MOST_COUNTED + 1


def test_an_empty_list_has_no_cursors(connection: Connection) -> None:
    found = piece(connection, LISTING, Asked(query="name:nobody"), NOW)
    assert (found.rows, found.total, found.after, found.before) == ((), 0, "", "")


def test_an_order_that_is_none_is_refused_with_the_nearest(connection: Connection) -> None:
    with pytest.raises(WeighbridgeError) as refused:
        piece(connection, LISTING, Asked(sort="siz"), NOW)
    assert (refused.value.message, refused.value.hint) == ("this list has no order `siz`", "did you mean `size`?")


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%%%",
        "\ud800",
        "é",
        encoded(["size", True, 1]),
        encoded(["name", True, "a", "b"]),
        encoded(["size", False, 1, "b"]),
        encoded(["size", True, 1, "b\0"]),
        encoded(["size", True, 1, "\ud800"]),
        encoded(["size", True, 1 << 70, "b"]),
        encoded(["size", True, True, "b"]),
        encoded(["size", True, None, "b"]),
        encoded(["size", True, [], "b"]),
        encoded({"size": 1}),
        encoded("x" * 3000),
        base64.urlsafe_b64encode(b"[" * 1400).decode(),
    ],
)
def test_a_cursor_from_elsewhere_is_refused(connection: Connection, cursor: str) -> None:
    with pytest.raises(WeighbridgeError, match="the place to go on from is none of this list"):
        piece(connection, LISTING, Asked(after=cursor), NOW)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda content: base64.urlsafe_b64encode(content).decode()))
def test_any_cursor_is_a_place_or_is_refused(cursor: str) -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        METADATA.create_all(connection)
        try:
            piece(connection, LISTING, Asked(before=cursor), NOW)
        except WeighbridgeError as error:
            refused = error.code
        else:
            refused = "" if not cursor else "E-query"
        assert refused in ("", "E-query")
