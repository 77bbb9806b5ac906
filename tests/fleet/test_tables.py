from sqlalchemy import MetaData

from weighbridge.fleet import tables
from weighbridge.fleet.tables import ENDPOINT, REFERENCE, endpoint_table, integer, reference_table


def test_the_key_of_an_endpoint_table_starts_with_the_endpoint(monkeypatch):
    monkeypatch.setattr(tables, "METADATA", MetaData())
    table = endpoint_table("seen", integer("sequence", primary_key=True), integer("seen_at"))
    assert [column.name for column in table.primary_key] == ["endpoint_id", "sequence"]
    assert table.info["kind"] == ENDPOINT


def test_no_key_is_counted_by_the_database(monkeypatch):
    monkeypatch.setattr(tables, "METADATA", MetaData())
    table = reference_table("kind", integer("number", primary_key=True))
    assert table.c.number.autoincrement is False
    assert table.info["kind"] == REFERENCE
