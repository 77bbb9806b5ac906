from tests.fleet.small_fleet import NOW

from weighbridge.fleet.listed_records import EXAMPLE, FIELDS, OF_ENDPOINT, FoundRecord, of_endpoint, searched
from weighbridge.fleet.query_sql import where
from weighbridge.fleet.query_syntax import parse


def test_every_field_has_a_column_and_a_meaning() -> None:
    assert set(searched().columns) == set(FIELDS)
    assert set(of_endpoint().columns) == OF_ENDPOINT
    assert all(field.about for field in FIELDS.values())


def test_the_example_is_a_query() -> None:
    where(parse(EXAMPLE), searched(), NOW)


def test_a_row_says_where_and_when() -> None:
    assert {"endpoint_id", "record_index", "received_at"} <= set(FoundRecord.__struct_fields__)
