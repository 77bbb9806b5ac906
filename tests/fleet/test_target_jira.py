"""Findings become issues of a Jira that listens for real; decisions and ends change them."""

import asyncio

import pytest
from sqlalchemy import Connection
from tests.fleet.jira import PAT, TOKEN, Jira
from tests.fleet.receivers import poster
from tests.fleet.small_fleet import LAPTOP, LLAMA, fill
from tests.fleet.test_exporting import Fleet, fleet  # noqa: F401
from tests.fleet.told import HOSTILE, NOW, entry

from weighbridge.fleet import export_targets, outbox, projection, tickets, triage
from weighbridge.fleet.export_test import test_target as try_target
from weighbridge.fleet.permissions import GRANTED, Role, Viewer
from weighbridge.fleet.target import Destination
from weighbridge.fleet.target_jira import label_of
from weighbridge.fleet.triage import Which

ADA = Viewer(account_id="a", name="ada", role=Role.ANALYST, permissions=GRANTED[Role.ANALYST])
OPTIONS = {"project": "SEC", "type": "Task", "done": "Done", "reopen": "Reopen"}


def finding(check="pickle-call", severity="critical", **more):
    return {
        "of": "artifact",
        "check": check,
        "severity": severity,
        "message": f"says {check}",
        "artifact": LLAMA,
    } | more


class Joined:
    """A fleet with a Jira as its only target."""

    def __init__(self, over: Fleet, jira: Jira, **options: str) -> None:
        self.fleet, self.jira, self.index = over, jira, 0
        api = {"api": jira.version}
        secret = TOKEN if jira.version == "3" else PAT
        self.where = Destination(address=jira.url, secret=secret, options=OPTIONS | api | options)

        def job(connection: Connection) -> str:
            fill(connection)
            return export_targets.add(
                connection,
                NOW,
                self.where,
                name="jira",
                kind="jira",
                shown_address=jira.url,
                topics=("finding", "decision"),
                severity="high",
                since=0,
            ).target_id

        self.target_id = over.store.write_now(job)

    def record(self, kind: str, *said: dict) -> None:
        made = [entry(self.index + number, kind, data) for number, data in enumerate(said)]
        at = {"received_at": NOW + self.index, "offset": 0}
        self.fleet.store.write_now(lambda c: projection.take(c, LAPTOP, self.index, made, **at))
        self.index += len(made)

    def decide(self, state: str) -> str:
        def job(connection: Connection) -> str:
            open_now = [Which(LAPTOP, one) for one in self.ids()]
            return triage.decide(connection, NOW, ADA, open_now, state, "known since May", NOW * 2).change_id

        return self.fleet.store.write_now(job)

    def ids(self) -> list[str]:
        found = self.fleet.store.read_now(lambda c: tickets.of_target(c, self.target_id))
        return [one.finding_id for one in found]

    def kept(self) -> list[str]:
        return [one.url for one in self.fleet.store.read_now(lambda c: tickets.of_target(c, self.target_id))]

    def deliver(self) -> None:
        self.fleet.steps()
        target = self.fleet.target(self.target_id)
        assert (target.error, self.fleet.letters(self.target_id)) == ("", [])


VERSIONS = pytest.mark.parametrize("jira", ["3", "2"], indirect=True)
"""Cloud, Data Center."""


@pytest.fixture
def jira(request):
    with Jira(getattr(request, "param", "3")) as started:
        yield started


@pytest.fixture
def joined(fleet, jira):  # noqa: F811  (the fixture above)
    return Joined(fleet, jira)


@VERSIONS
def test_a_finding_that_matters_becomes_an_issue_and_both_sides_know_the_other(joined, jira):
    joined.record("finding", finding(), finding("small-thing", "low"), finding("remote-code", "high"))
    joined.deliver()
    assert [one["summary"] for one in jira.issues.values()] == [
        "critical: says pickle-call on laptop",
        "high: says remote-code on laptop",
    ]
    assert sorted(joined.kept()) == [f"{jira.url}/browse/SEC-1", f"{jira.url}/browse/SEC-2"]
    assert set(jira.labels()) == {label_of(Which(LAPTOP, one)) for one in joined.ids()}
    description = jira.issues["SEC-1"]["description"]
    assert f"In Weighbridge: http://127.0.0.1:8480/endpoints/{LAPTOP}" in description
    assert f"Artifact: {LLAMA}" in description


def test_the_same_finding_again_makes_no_second_issue(joined, jira):
    joined.record("finding", finding())
    joined.deliver()
    joined.record("finding", finding(message="says it again"))
    joined.deliver()
    assert (len(jira.issues), jira.issues["SEC-1"]["comments"]) == (1, [])


@pytest.mark.parametrize("path", ["issue", "search"])
def test_who_dies_before_it_wrote_it_down_makes_no_second_issue(joined, jira, path):
    joined.record("finding", finding(), finding("remote-code", "high"))
    left = [True]
    jira.after = lambda method, asked: method == "POST" and asked.endswith(path) and bool(left) and bool(left.pop())
    joined.fleet.steps()
    joined.fleet.running.clock.now += 3_600_000
    joined.deliver()
    assert len(jira.issues) == 2
    assert len(set(jira.labels())) == 2
    assert len(joined.kept()) == 2


def test_an_issue_that_somebody_deleted_is_made_again(joined, jira):
    joined.record("finding", finding())
    joined.deliver()
    jira.issues.clear()
    joined.record("finding", finding(message="again"))
    joined.deliver()
    assert len(jira.issues) == 1


@VERSIONS
def test_decisions_are_comments_and_close_or_open_again(joined, jira):
    joined.record("finding", finding())
    joined.deliver()
    issue = jira.issues["SEC-1"]
    joined.decide("acknowledged")
    joined.deliver()
    assert (issue["status"], len(issue["comments"])) == ("To Do", 1)
    assert "ada decided about 1 finding: acknowledged. Reason: known since May" in issue["comments"][0]
    change = joined.decide("accepted")
    joined.deliver()
    assert issue["status"] == "Done"
    joined.fleet.store.write_now(lambda connection: triage.undo(connection, NOW, ADA, change))
    joined.deliver()
    assert (issue["status"], len(issue["comments"])) == ("To Do", 3)


@VERSIONS
def test_a_finding_that_is_over_closes_its_issue_and_one_that_is_back_opens_it(joined, jira):
    joined.record("finding", finding())
    joined.deliver()
    joined.record("finding-end", finding())
    joined.deliver()
    issue = jira.issues["SEC-1"]
    assert (issue["status"], "The finding is over" in issue["comments"][0]) == ("Done", True)
    joined.record("finding-end", finding("never-told", "high"))
    joined.deliver()
    assert len(jira.issues) == 1
    joined.record("finding", finding())
    joined.deliver()
    assert (issue["status"], "there again" in issue["comments"][1]) == ("To Do", True)


def test_without_a_way_to_open_it_again_a_closed_one_stays_closed(fleet, jira):  # noqa: F811
    joined = Joined(fleet, jira, reopen="", done="No such transition")
    joined.record("finding", finding())
    joined.deliver()
    joined.record("finding-end", finding())
    joined.deliver()
    assert jira.issues["SEC-1"]["status"] == "To Do"
    jira.issues["SEC-1"]["status"] = "Done"
    joined.record("finding", finding())
    joined.deliver()
    assert jira.issues["SEC-1"]["status"] == "Done"


@VERSIONS
def test_what_endpoints_say_stays_text(joined, jira):
    text = HOSTILE + "{html}<b>{html} [x|http://evil] !x! [~admin]"
    joined.record("finding", finding(message=text))
    joined.deliver()
    issue = jira.issues["SEC-1"]
    assert "\n" not in issue["summary"]
    assert not set("\u202e\r") & set(issue["summary"] + issue["description"])
    if jira.version == "2":
        assert issue["description"].count("{") == 2
        assert issue["description"].startswith("{noformat}\n")


def test_what_jira_refuses_is_a_dead_letter_with_its_words(fleet, jira):  # noqa: F811
    joined = Joined(fleet, jira, type="Epic")
    joined.record("finding", finding())
    fleet.steps()
    (letter,) = fleet.letters(joined.target_id)
    assert letter.error == "it answered 400: issuetype: The issue type selected is invalid."


@VERSIONS
@pytest.mark.parametrize(("secret", "said"), [("x:y", "You are not authenticated"), (None, "project is Security")])
def test_a_test_leaves_no_trace(joined, jira, secret, said):
    where = (
        joined.where if secret is None else Destination(address=jira.url, secret=secret, options=joined.where.options)
    )
    target = joined.fleet.target(joined.target_id)
    found = asyncio.run(try_target(target, where, poster(), NOW))
    assert (found.taken, said in found.said) == (secret is None, True)
    assert jira.issues == {}


def test_somebody_else_answers(fleet, jira):  # noqa: F811
    joined = Joined(fleet, jira)
    jira.answer = lambda *_: (200, ["nothing"])
    joined.record("finding", finding())
    fleet.steps()
    assert fleet.target(joined.target_id).error == "it answered something else than Jira does"


def test_what_the_server_found_itself_has_an_issue_too(joined, jira):
    told = {"check": "ledger-forked", "severity": "critical", "message": "The ledger is another one.", "place": ""}
    joined.fleet.store.write_now(lambda connection: outbox.tell(connection, LAPTOP, outbox.FINDING, told, NOW))
    joined.deliver()
    assert jira.issues["SEC-1"]["summary"] == "critical: The ledger is another one. on laptop"
