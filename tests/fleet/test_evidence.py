"""Every query of evidence and every pack, on both stores, over a small fleet."""

import pytest
from tests.fleet.small_fleet import AT, DESKTOP, HOUR, LAPTOP, LLAMA, PICKLE, POET, SERVER, fill
from tests.fleet.things import agent, copy, tell

from weighbridge.fleet import accounts, audit, triage
from weighbridge.fleet.evidence import KINDS, percent, role_of, share_of
from weighbridge.fleet.evidence_asking import DAY, Asking, Window
from weighbridge.fleet.evidence_coverage import coverage
from weighbridge.fleet.evidence_findings import lasts
from weighbridge.fleet.evidence_packs import PACKS, pack
from weighbridge.fleet.evidence_registry import QUERIES
from weighbridge.fleet.evidence_report import asker_of, machine_asker, report
from weighbridge.fleet.exceptions import EXCEPTIONS
from weighbridge.fleet.findings import open_server_finding
from weighbridge.fleet.permissions import GRANTED, Role, Scope, Viewer
from weighbridge.fleet.revocations import REVOCATIONS
from weighbridge.fleet.triage import Which

WHOLE = Scope()
LAB = Scope(groups=("lab",))


def viewer(role: Role = Role.ADMINISTRATOR, scope: Scope = WHOLE) -> Viewer:
    return Viewer(account_id="a", name="ada", role=role, permissions=GRANTED[role], scope=scope)


def filled(connection) -> None:
    """Write the small fleet with more of what reports speak of."""
    fill(connection)
    alone = agent("permission", "claude-code", autonomous=True)
    tell(connection, LAPTOP, [("start", {}), alone, agent("skill", "report"), ("gap", {"why": "stopped"})])
    copy(connection, LAPTOP, size=4, cosigned=3)
    copy(connection, DESKTOP, size=10, cosigned=10, skipped=2)
    open_server_finding(connection, DESKTOP, "ledger-rolled-back", AT - HOUR)
    accounts.add(connection, AT, "ada", Role.ADMINISTRATOR)
    audit.note(connection, AT - HOUR, viewer(), "account.add", "ada")
    who = viewer()
    triage.decide(connection, AT, who, [Which(SERVER, "f1")], triage.ACKNOWLEDGED, "we look", None)
    triage.decide(connection, AT, who, [Which(LAPTOP, "f2")], triage.ACCEPTED, "a demo", AT + DAY)


def asked(store, name: str, scope: Scope = WHOLE, days: int = 90, most: int = 1000, now: int = AT + 1):
    """Return the answer to one query."""
    return store.read_now(lambda c: QUERIES[name].ask(Asking(c, scope, Window(now - days * DAY, now), most)))


@pytest.fixture
def fleet(store):
    store.write_now(filled)
    return store


def column(answer, name: str) -> list:
    at = [one.name for one in answer.columns].index(name)
    return [row[at] for row in answer.rows]


def test_every_query_answers_in_its_columns(fleet, store):
    for name in QUERIES:
        for scope in (WHOLE, LAB, Scope(groups=())):
            answer = asked(store, name, scope)
            assert answer.headline, name
            assert answer.says[-1] not in ".!", name
            assert {one.kind for one in answer.columns} <= set(KINDS), name
            assert all(len(row) == len(answer.columns) for row in answer.rows), name
            assert answer.total >= len(answer.rows), name
            assert bool(answer.bars) <= bool(answer.chart), name
            for row in answer.rows:
                assert all(cell is None or type(cell) in (str, int, float) for cell in row), (name, row)


def test_every_query_answers_an_empty_fleet(store):
    for name in QUERIES:
        answer = asked(store, name)
        assert "nan" not in f"{answer.headline} {answer.says}".lower(), name
        assert answer.total == len(answer.rows), name


def test_a_query_costs_the_same_statements_however_large_the_fleet_is(fleet, store):
    def statements(connection) -> dict[str, int]:
        asked = {name: Asking(connection, WHOLE, Window(0, AT + 1)) for name in QUERIES}
        for name, asking in asked.items():
            QUERIES[name].ask(asking)
        return {name: len(asking.statements) for name, asking in asked.items()}

    counted = store.read_now(statements)
    assert {name: number for name, number in counted.items() if number > 12} == {}


def test_an_answer_is_cut_and_its_total_is_not(fleet, store):
    answer = asked(store, "endpoint-register", most=2)
    assert (len(answer.rows), answer.total, answer.headline) == (2, 3, "3")


def test_endpoints_are_listed_with_owner_and_group(fleet, store):
    answer = asked(store, "endpoint-register")
    assert column(answer, "Host name") == ["desktop", "laptop", "server"]
    assert column(answer, "Owner") == ["bob", "ada", ""]
    assert column(asked(store, "endpoint-register", LAB), "Host name") == ["desktop", "laptop"]


def test_how_old_the_newest_word_is_is_counted(fleet, store):
    answer = asked(store, "evidence-currency")
    assert dict(zip(column(answer, "Newest word"), column(answer, "Endpoints"), strict=True)) == {
        "up to a day": 1,
        "up to a week": 2,
        "up to 30 days": 0,
        "up to 90 days": 0,
        "older": 0,
    }
    assert answer.headline == "100 %"


def test_who_was_silent_for_long_is_named(fleet, store):
    assert asked(store, "silent-endpoints").total == 0
    answer = asked(store, "silent-endpoints", now=AT + 13 * DAY)
    assert column(answer, "Host name") == ["desktop", "server"]
    assert min(column(answer, "Silent for")) > 14 * DAY


def test_controls_are_counted(fleet, store):
    answer = asked(store, "control-coverage")
    reached = dict(zip(column(answer, "Control"), column(answer, "Reached"), strict=True))
    assert reached == {
        "Sensor heard of within a week": 3,
        "Inventory sent": 1,
        "Ledger cosigned by this server": 2,
        "Policy of the fleet held": 0,
        "Owner named": 2,
    }


def test_what_is_severe_and_holds_is_listed(fleet, store):
    answer = asked(store, "open-severe")
    assert column(answer, "Check") == ["pickle-call", "ledger-rolled-back"]
    assert column(answer, "State") == ["acknowledged", "new"]
    assert column(answer, "Artifact") == [PICKLE, ""]
    assert "2 critical" in answer.says


def test_findings_over_time_add_up(fleet, store):
    answer = asked(store, "trend", days=28)
    assert column(answer, "Open then")[-1] == 3
    assert sum(column(answer, "Began")) == 4
    assert sum(column(answer, "Ended")) == 1
    assert [bar.number for bar in answer.bars][-2:] == [0, 3]
    assert answer.headline == "+3"


def test_time_to_triage_is_from_first_sight_to_first_decision(fleet, store):
    answer = asked(store, "time-to-triage")
    assert answer.headline == "2.0 h"
    assert column(answer, "Decided") == [1, 1]
    assert column(answer, "Median") == [2 * HOUR, 2 * HOUR]


def test_exceptions_say_who_why_and_until_when(fleet, store):
    answer = asked(store, "exceptions")
    assert column(answer, "Decided by") == ["ada"]
    assert column(answer, "Reason") == ["a demo"]
    assert column(answer, "Until") == [AT + DAY]
    assert asked(store, "exceptions", now=AT + 2 * DAY).total == 0
    assert "1 decisions ended within" in asked(store, "exceptions", now=AT + 2 * DAY).says


def test_unapproved_models_are_those_that_policy_stops(fleet, store):
    answer = asked(store, "unapproved-models")
    assert column(answer, "Digest") == [POET]
    assert column(answer, "Verdict") == ["deny"]
    assert column(answer, "Endpoints") == [1]
    assert asked(store, "unapproved-models", Scope(groups=("ops",))).total == 0


def test_models_are_those_of_the_scope(fleet, store):
    assert asked(store, "model-register").total == 3
    assert set(column(asked(store, "model-register", LAB), "Digest")) == {LLAMA, POET}
    answer = asked(store, "harmful-models")
    assert column(answer, "Digest") == [PICKLE]
    assert column(answer, "Endpoints now") == [1]
    assert asked(store, "harmful-models", LAB).total == 0


def test_licenses_are_counted(fleet, store):
    answer = asked(store, "licenses")
    assert sum(column(answer, "Models")) == 3
    assert answer.headline == "33.3 %"


def test_agents_that_act_alone_are_counted(fleet, store):
    answer = asked(store, "agents")
    assert "1 of those listed act without asking" in answer.says
    assert column(answer, "Acts alone") == ["yes", "no"]


def test_ledgers_with_gaps_and_rewritten_ones_are_named(fleet, store):
    assert column(asked(store, "ledger-gaps"), "Host name") == ["laptop"]
    answer = asked(store, "ledger-integrity")
    assert column(answer, "Host name") == ["desktop"]
    assert answer.headline == "1"
    assert "92.9 % of 14 records" in answer.says
    assert "2 records were removed" in answer.says


def test_coverage_says_what_is_not_covered(fleet, store):
    def read(connection):
        return coverage(Asking(connection, WHOLE, Window(AT - 3 * DAY, AT + 13 * DAY)))

    found = store.read_now(read)
    assert (found.enrolled, found.heard, found.silent, found.gaps, found.missing, found.broken) == (3, 1, 2, 1, 1, 1)
    assert found.without_ledger == 1
    assert found.says.startswith("Covers 1 of 3 enrolled endpoints; 2 silent, the longest since 2026-11-17;")
    assert "whose 1 endpoint are" in found.says


def test_every_pack_is_answered_whole_for_an_administrator(fleet, store):
    def every(connection):
        return [report(connection, pack(name), asker_of(viewer()), AT + 1, 90) for name in PACKS]

    for found in store.read_now(every):
        assert [row.number for row in found.rows] == list(range(1, len(found.rows) + 1))
        for row in found.rows:
            assert row.answer is not None
            assert row.withheld == ""
            assert row.statements
            assert all("SELECT" in one.sql for one in row.statements)
        assert found.made_by == "ada (administrator)"
        assert found.scope == "the whole fleet"


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_speaks_of_evidence_and_never_of_compliance(name):
    found = pack(name)
    words = " ".join([found.about, *(f"{row.evidence_for} {row.asks}" for row in found.rows)]).lower()
    assert "complian" not in words
    assert "complies" not in words
    for row in found.rows:
        assert row.evidence_for[0].islower()
        assert row.unsure[:1].isupper() == bool(row.unsure)
        assert row.confidence != "low" or row.unsure or name != "hipaa"


def test_a_viewer_sees_what_they_may_and_the_rest_is_said(fleet, store):
    found = store.read_now(lambda c: report(c, pack("soc-2"), asker_of(viewer(Role.VIEWER)), AT, 30))
    withheld = {row.query: row.withheld for row in found.rows if row.withheld}
    assert set(withheld) == {"access", "changes"}
    assert "accounts:manage" in withheld["access"]
    assert all(row.answer is None and not row.statements for row in found.rows if row.withheld)


def test_a_scope_is_said_and_kept(fleet, store):
    def read(connection):
        return report(connection, pack("soc-2"), asker_of(viewer(scope=LAB)), AT, 30)

    found = store.read_now(read)
    assert (found.groups, found.scope) == (["lab"], "only the endpoints of group lab")
    assert found.coverage.enrolled == 2
    assert "part of the fleet" in {row.query: row.withheld for row in found.rows}["changes"]


def test_a_group_narrows_and_never_widens(fleet, store):
    def coverage_of(scope: Scope, group: str):
        return store.read_now(lambda c: report(c, pack("board"), asker_of(viewer(scope=scope), group), AT, 30))

    assert coverage_of(WHOLE, "ops").coverage.enrolled == 1
    assert coverage_of(LAB, "lab").coverage.enrolled == 2
    beyond = coverage_of(LAB, "ops")
    assert (beyond.coverage.enrolled, beyond.scope) == (0, "no endpoint: who asked sees none of that group")


def test_the_machine_itself_may_ask_for_everything(fleet, store):
    found = store.read_now(lambda c: report(c, pack("soc-2"), machine_asker(), AT, 30))
    assert all(row.answer is not None for row in found.rows)
    assert found.made_by == "command line of the server"


def test_where_an_answer_was_cut_is_said(fleet, store):
    found = store.read_now(lambda c: report(c, pack("soc-2"), machine_asker(), AT, 30, most_rows=1))
    cut = {row.query: row.cut_at for row in found.rows}
    assert cut["endpoint-register"] == 1
    assert cut["unapproved-models"] is None


def test_there_is_no_pack_of_another_name():
    assert pack("../../etc/passwd") is None


def test_every_query_is_asked_by_a_pack():
    assert {row.query for name in PACKS for row in pack(name).rows} == set(QUERIES)
    assert [*QUERIES] == sorted(QUERIES)


def test_shares_are_never_nicer_than_they_are():
    assert (percent(1.0), percent(0.9999), percent(0.0), percent(0.0001)) == ("100 %", "99.9 %", "0 %", "0.1 %")
    assert (share_of(0, 0), share_of(1, 4)) == (1.0, 0.25)
    assert (role_of(0.95), role_of(0.94), role_of(0.79)) == ("success", "warning", "error")
    assert (lasts(0), lasts(5_400_000), lasts(3 * DAY)) == ("0 min", "1.5 h", "3.0 days")


def excepted(**words) -> dict:
    known = dict.fromkeys(("rule", "sha256", "thing", "scope_of", "asked_by_id", "renews", "decided_why"), "")
    known |= {"check_id": "pickle-call", "scope": "fleet", "owner": "bob", "reason": "a demo", "asked_by": "ada"}
    known |= {"asked_at": AT - DAY, "days": 30, "state": "granted", "decided_by": "eve", "decided_at": AT - HOUR}
    return known | {"until_at": AT + 30 * DAY, "signed_at": None} | words


def test_exceptions_that_were_granted_name_who_answers(fleet, store):
    rows = (
        excepted(exception_id="1", sha256=PICKLE),
        excepted(exception_id="2", rule="company/deny", check_id="", scope="group", scope_of="ops", thing="ollama"),
        excepted(exception_id="3", until_at=AT - 200 * DAY),
        excepted(exception_id="4", state="asked", until_at=None, decided_at=None),
    )
    store.write_now(lambda c: [c.execute(EXCEPTIONS.insert().values(**row)) for row in rows] and None)
    answer = asked(store, "granted-exceptions")
    assert (answer.headline, "1 wait for a decision" in answer.says) == ("2", True)
    assert column(answer, "From") == ["pickle-call", "company/deny"]
    assert column(answer, "For") == [PICKLE, "ollama"]
    assert column(answer, "Where") == ["fleet", "group ops"]
    assert column(answer, "Owner") == ["bob", "bob"]
    assert column(asked(store, "granted-exceptions", LAB), "Where") == ["fleet"]


def test_revoked_models_say_where_they_still_are(fleet, store):
    known = {"reason": "it runs a shell", "replacement": "", "by_id": "", "by_name": "eve", "at": AT - HOUR}
    known |= {"urgent_at": AT, "signed_at": None, "lifted_at": None, "lifted_by": "", "lifted_why": ""}
    known |= {"settled_at": None}
    rows = (
        known | {"revocation_id": "1", "sha256": LLAMA},
        known | {"revocation_id": "2", "sha256": "9" * 64, "lifted_at": AT - 300 * DAY},
    )
    store.write_now(lambda c: [c.execute(REVOCATIONS.insert().values(**row)) for row in rows] and None)
    answer = asked(store, "revocations")
    assert (column(answer, "Digest"), column(answer, "Endpoints now")) == ([LLAMA], [2])
    assert column(answer, "Signed for endpoints") == [AT]
    assert column(asked(store, "revocations", LAB), "Endpoints now") == [1]
