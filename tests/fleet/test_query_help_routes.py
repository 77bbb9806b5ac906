from datetime import UTC, datetime

import pytest

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.fleet.query_fields import FieldKind, condition
from weighbridge.fleet.query_help_routes import LISTS, help_of
from weighbridge.fleet.query_syntax import Term, parse

LISTED = {FieldKind.CHOICE, FieldKind.NUMBER, FieldKind.SIZE, FieldKind.TIME}
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize("name", list(LISTS))
def test_what_is_told_of_a_field_can_be_asked(name):
    fields, _ = LISTS[name]
    for one in help_of(name).fields:
        for value in one.values.split(", ") if fields[one.name].kind in LISTED else ():
            term = parse(f"{one.name}:{value}")
            assert isinstance(term, Term)
            condition(term, fields, NOW)
        assert one.about
        assert one.values


def test_a_program_is_told_the_same_words(served):
    header = served.token(served.account("vera", Role.VIEWER), Permission.FLEET_READ)
    found = served.client().get("/api/v1/fields", headers=header).json()
    assert [one["name"] for one in found] == ["artifacts", "endpoints", "findings", "records"]
    assert {"name": "open", "about": "whether it still holds", "values": "yes or no"} in found[2]["fields"]
