"""Queries over real rows in SQLite; the same rows are asked by the same functions in Python."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    case,
    create_engine,
    exists,
    insert,
    select,
)

from weighbridge.fleet.query_fields import Field, FieldKind
from weighbridge.fleet.query_sql import Searched, where
from weighbridge.fleet.query_syntax import parse
from weighbridge.model.errors import WeighbridgeError

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
METADATA = MetaData()
THINGS = Table(
    "things",
    METADATA,
    Column("id", String, primary_key=True),
    Column("kind", String),
    Column("about", String),
    Column("digest", String),
    Column("size", BigInteger),
    Column("seen", BigInteger),
    Column("severity", String),
    Column("running", Boolean),
)
LABELS = Table("labels", METADATA, Column("id", String), Column("label", String))
FIELDS = {
    "kind": Field(kind=FieldKind.KEYWORD, about="what it is"),
    "about": Field(kind=FieldKind.TEXT, about="what it says"),
    "digest": Field(kind=FieldKind.DIGEST, about="SHA-256"),
    "size": Field(kind=FieldKind.SIZE, about="bytes"),
    "seen": Field(kind=FieldKind.TIME, about="when"),
    "severity": Field(kind=FieldKind.CHOICE, about="how bad", choices=("low", "medium", "high")),
    "running": Field(kind=FieldKind.BOOLEAN, about="now"),
    "label": Field(kind=FieldKind.KEYWORD, about="what people call it"),
}
SEARCHED = Searched(
    fields=FIELDS,
    columns={**{name: THINGS.c[name] for name in FIELDS if name != "label"}, "label": LABELS.c.label},
    within={"label": lambda found: exists().where(LABELS.c.id == THINGS.c.id, found)},
    words=(THINGS.c.kind, THINGS.c.about),
)


def row(name: str, kind: str | None, about: str, number: int, severity: str, *, running: bool) -> dict[str, object]:
    day = int(datetime(2026, 11, number, tzinfo=UTC).timestamp()) * 1000
    digest = f"{number:02x}ab" + "0" * 60
    return {
        "id": name,
        "kind": kind,
        "about": about,
        "digest": digest,
        "size": number * 10**9,
        "seen": day,
        "severity": severity,
        "running": running,
    }


@pytest.fixture(scope="module")
def connection() -> Connection:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    connection = engine.connect()
    rows = [
        row("a", "Weights", "a llama of 100% wool", 1, "low", running=True),
        row("b", "adapter", "an under_score", 10, "medium", running=False),
        row("c", "tokenizer", "'; DROP TABLE things; --", 20, "high", running=False),
        row("d", None, "nobody knows", 21, "high", running=True),
    ]
    connection.execute(insert(THINGS), rows)
    connection.execute(
        insert(LABELS),
        [{"id": "a", "label": "lab"}, {"id": "a", "label": "gpu"}, {"id": "b", "label": "lab"}],
    )
    return connection


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "abcd"),
        ("kind:weights", "a"),
        ("kind:*e*", "abc"),
        ('kind:"*e*"', ""),
        ("-kind:weights", "bcd"),
        ("NOT kind:weights", "bcd"),
        ("kind:(weights OR adapter)", "ab"),
        ("llama", "a"),
        ("LLAMA", "a"),
        ("adapter", "b"),
        ("100%", "a"),
        ("0%", "a"),
        ("%", "a"),
        ("r_s", "b"),
        ("x_s", ""),
        ('about:"\'; DROP"', "c"),
        ("digest:01ab", "a"),
        ("digest:" + "01ab" + "0" * 60, "a"),
        ("digest:ffff", ""),
        ("size:>=10GB", "bcd"),
        ("size:1GB..10GB", "ab"),
        ("size:1GB", "a"),
        ("seen:2d", "cd"),
        ("seen:<2026-11-10", "a"),
        ("seen:2026-11-10", "b"),
        ("seen:<=2026-11-10", "ab"),
        ("severity:>=medium", "bcd"),
        ("severity:>high", ""),
        ("running:yes", "ad"),
        ("running:no", "bc"),
        ("label:lab", "ab"),
        ("label:lab label:gpu", "a"),
        ("-label:lab", "cd"),
        ("label:lab -label:gpu OR size:21GB", "bd"),
        ("(severity:high OR label:gpu) running:yes", "ad"),
    ],
)
def test_a_query_finds_what_it_says(connection: Connection, query: str, expected: str) -> None:
    found = connection.execute(select(THINGS.c.id).where(where(parse(query), SEARCHED, NOW)).order_by(THINGS.c.id))
    assert "".join(found.scalars()) == expected


def test_a_word_needs_something_to_be_looked_for_in() -> None:
    nowhere = Searched(fields=FIELDS, columns=SEARCHED.columns, within={}, words=())
    with pytest.raises(WeighbridgeError, match="a word without a field means nothing here"):
        where(parse("llama"), nowhere, NOW)


def test_values_are_bound_and_never_part_of_the_statement() -> None:
    statement = str(where(parse('about:"x\' OR 1=1" kind:"y\'; --"'), SEARCHED, NOW))
    assert "1=1" not in statement
    assert "--" not in statement


@pytest.mark.parametrize("query", ["", "severity:>=high", "severity:>high", "severity:<=medium", "severity:low"])
@pytest.mark.parametrize("more", ["", "severity:medium", "-severity:high", "severity:medium..high"])
def test_choices_by_their_rank_are_the_same(connection, query, more):
    rank = case({"low": 0, "medium": 1, "high": 2}, value=THINGS.c.severity)
    ranked = Searched(
        **{name: getattr(SEARCHED, name) for name in ("fields", "columns", "within", "words")}, ranks={"severity": rank}
    )
    asked = [where(parse(f"{query} {more}"), searched, NOW) for searched in (SEARCHED, ranked)]
    plain, by_rank = ({*connection.execute(select(THINGS.c.id).where(one)).scalars()} for one in asked)
    assert plain == by_rank
    assert ("severity IN" in str(asked[1])) == any(one in f"{query} {more}" for one in ("low", "<=medium", ">high"))
