"""Lists as files: all of them, piece by piece, with nothing that a spreadsheet runs."""

import csv
import io
import json

import pytest
from sqlalchemy import insert
from tests.fleet.small_fleet import LAPTOP, fill
from tests.fleet.things import agent, tell

from weighbridge.fleet import list_export_routes
from weighbridge.fleet.findings import FINDINGS
from weighbridge.fleet.list_columns import COLUMNS
from weighbridge.fleet.permissions import Permission, Role, Scope

MANY = 1_100


@pytest.fixture
def ask(served):
    def write(connection):
        fill(connection)
        known = {column.name: "" for column in FINDINGS.columns} | {"first_at": 1, "last_at": 1, "ended_at": None}
        said = {"endpoint_id": LAPTOP, "check_id": "many", "message": "=HYPERLINK(1)\r\n\u202e"}
        connection.execute(insert(FINDINGS), [known | said | {"finding_id": f"m{n:05}"} for n in range(MANY)])
        tell(connection, LAPTOP, [("start", {}), ("gap", {"why": "x"}), agent("agent", "goose")])

    served.store.write_now(write)
    numbers = iter(range(99))

    def asked(what, scope=None, permissions=(Permission.FLEET_READ, Permission.RECORDS_READ), **parameters):
        account = served.account(f"ada{next(numbers)}", Role.ANALYST, scope)
        header = served.token(account, *permissions)
        return served.client().get(f"/api/v1/lists/{what}/export", params=parameters, headers=header)

    return asked


def test_a_list_longer_than_a_piece_is_written_whole_and_guarded(ask):
    answer = ask("findings", q="check:many", columns="finding_id,message")
    assert answer.headers["content-disposition"] == 'attachment; filename="findings.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len({row["finding_id"] for row in rows}) == len(rows) == MANY
    assert {row["message"] for row in rows} == {r"'=HYPERLINK(1)\x0d\x0a\u202e"}


@pytest.mark.parametrize("what", list(COLUMNS))
def test_every_list_is_written_in_both_forms(ask, what):
    rows = list(csv.DictReader(io.StringIO(ask(what).text)))
    lines = [json.loads(one) for one in ask(what, format="jsonl").text.splitlines()]
    assert len(rows) == len(lines) > 0
    assert tuple(rows[0]) == tuple(lines[0]) == COLUMNS[what]


def test_what_is_left_out_is_said(ask, monkeypatch):
    monkeypatch.setattr(list_export_routes, "MOST_EXPORTED", 600)
    lines = ask("findings", q="check:many").text.splitlines()
    assert (len(lines), lines[-1]) == (602, "cut after 600 rows; narrow the query")
    found = ask("findings", q="check:many", format="jsonl").text.splitlines()
    assert json.loads(found[-1]) == {"cut": "cut after 600 rows; narrow the query"}


def test_the_scope_holds_for_files_too(ask):
    rows = csv.DictReader(io.StringIO(ask("findings", scope=Scope(groups=("ops",))).text))
    assert {row["endpoint_name"] for row in rows} == {"server"}


@pytest.mark.parametrize(
    ("what", "more", "status"),
    [
        ("nothing", {}, 404),
        ("artifacts", {"format": "xml"}, 400),
        ("artifacts", {"q": "verdit:x"}, 400),
        ("artifacts", {"columns": "siez"}, 400),
        ("artifacts", {"sort": "none"}, 400),
        ("records", {"permissions": (Permission.FLEET_READ,)}, 403),
    ],
)
def test_what_cannot_be_written_is_said_before_the_first_byte(ask, what, more, status):
    answer = ask(what, **more)
    assert answer.status_code == status
    assert answer.json()["code"].startswith("E-")
