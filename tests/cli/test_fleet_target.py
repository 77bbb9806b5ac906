"""`wb fleet target`: the command line does what the API does, and prints no secret."""

import json

import pytest
from tests.cli.fleet_kit import database, read, wb  # noqa: F401
from tests.fleet.receivers import HttpReceiver, Reply
from tests.fleet.told import NOW

from weighbridge.cli.fleet_target import SUMMARIES
from weighbridge.fleet import audit, dead_letters, export_targets, outbox
from weighbridge.fleet.store import Store

SECRET = "token-of-the-siem"


@pytest.fixture
def url(database, monkeypatch):  # noqa: F811  (the fixture above)
    monkeypatch.setenv("SIEM_TOKEN", SECRET)
    monkeypatch.setenv("WEIGHBRIDGE_SERVE_EXPORT_NETWORKS", "127.0.0.0/8")
    return database


def add(*more, name="SIEM", kind="splunk", address="https://a.example", secret=("--secret-env", "SIEM_TOKEN")):
    status, out, said = wb("fleet", "target", "add", name, kind, *([address] if address else []), *secret, *more)
    assert SECRET not in out + said
    return status, out, said


def test_every_subcommand_is_listed_and_loads(capsys):
    assert wb("fleet", "target", "--help")[0] == 0
    listed = " ".join(capsys.readouterr().out.split())
    for name, summary in SUMMARIES.items():
        assert f"{name} {summary}" in listed
        assert wb("fleet", "target", name, "--help")[0] == 0


def test_a_target_from_beginning_to_end(url):
    assert "none yet" in wb("fleet", "target", "list")[2]
    status, _, said = add("--topic", "finding", "--severity", "high", "--since", "7d")
    assert (status, "✓ splunk  SIEM   https://a.example" in said) == (0, True)
    _, out, _ = wb("fleet", "target", "list")
    assert out.startswith("✓ sending  SIEM   splunk https://a.example")
    assert "finding from high on; sent 0, last never; 0 rows behind" in out
    assert "✓ paused  SIEM" in wb("fleet", "target", "pause", "SIEM")[2]
    (shown,) = json.loads(wb("fleet", "target", "list", "-f", "json")[1])
    assert (shown["state"], shown["secret"]) == ("paused", None)
    assert "goes on  SIEM" in wb("fleet", "target", "resume", shown["target_id"])[2]
    assert "0 rows will be sent to SIEM again" in wb("fleet", "target", "replay", "SIEM", "2026-01-01")[2]
    assert "0 rows that SIEM refused will be sent again" in wb("fleet", "target", "retry", "SIEM")[2]
    assert "0 rows that SIEM refused given up" in wb("fleet", "target", "drop", "SIEM")[2]
    assert "removed  SIEM" in wb("fleet", "target", "remove", "SIEM")[2]
    assert read(url, export_targets.listed) == []
    entries = read(url, lambda connection: audit.newest(connection, 20))
    assert len(entries) == 7
    assert SECRET not in str(entries)


def test_what_was_refused_is_counted(url):
    def job(connection):
        outbox.tell(connection, "", outbox.DECISION, {"message": "x"}, NOW)
        outbox.number(connection)
        (row,) = outbox.after(connection, 0, 5)
        (target,) = export_targets.listed(connection)
        dead_letters.bury(connection, NOW, target.target_id, row, "no")

    add()
    store = Store.open(url)
    store.write_now(job)
    store.close()
    assert "1 row behind; 1 row refused" in wb("fleet", "target", "list")[1]
    assert "1 row that SIEM refused will be sent again" in wb("fleet", "target", "retry", "SIEM")[2]


def test_a_webhook_is_given_a_key_which_is_printed_once(url):
    status, out, _ = add(kind="webhook", secret=())
    assert (status, out.startswith("whsec_")) == (0, True)
    assert "whsec_" not in wb("fleet", "target", "list")[1]


def test_it_is_tried_from_here(url):
    answers = [Reply()]
    with HttpReceiver(lambda _: answers[0]) as receiver:
        add(address=receiver.url)
        status, _, said = wb("fleet", "target", "test", "SIEM")
        assert (status, "it took an event" in said) == (0, True)
        assert receiver.received[0].headers["authorization"] == f"Splunk {SECRET}"
        answers[0] = Reply(403, b"Invalid token")
        status, _, said = wb("fleet", "target", "test", "SIEM")
        assert (status, "it answered 403: Invalid token" in said) == (1, True)
    assert wb("fleet", "target", "test", "SIEM")[0] == 1


def test_secrets_come_from_files_and_addresses_from_variables(url, tmp_path, monkeypatch):
    (tmp_path / "token").write_text(f"{SECRET}\n")
    assert add(secret=("--secret-file", str(tmp_path / "token")))[0] == 0
    monkeypatch.setenv("CHAT", f"https://hooks.example.com/{SECRET}")
    status, _, said = add("--address-env", "CHAT", "--digest", "60", name="chat", kind="slack", address="", secret=())
    assert (status, "https://hooks.example.com/…" in said) == (0, True)
    assert "one message in 60 minutes" in wb("fleet", "target", "list")[1]


def test_options_of_a_tracker(url):
    more = ("--option", "project=SEC", "--option", "type=Bug")
    assert add(*more, kind="jira", address="https://acme.atlassian.net")[0] == 0
    (shown,) = json.loads(wb("fleet", "target", "list", "-f", "json")[1])
    assert shown["options"] == {"project": "SEC", "type": "Bug", "done": "Done"}
    for wrong in (("--option", "projet=SEC"), ("--option", "project"), ("--option", "project=sec")):
        assert add(*wrong, kind="jira", address="https://acme.atlassian.net")[0] == 2


def test_kinds_are_shown():
    _, out, _ = wb("fleet", "target", "kinds")
    assert "jira      Jira: an issue for each finding" in out
    assert "--option project=…  key of the project (needed)" in out
    assert {one["kind"] for one in json.loads(wb("fleet", "target", "kinds", "-f", "json")[1])} >= {"jira", "otlp"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "x", "pigeon", "https://a.example"), "there is no kind of target called pigeon"),
        (("add", "x", "splunk", "https://a.example"), "needs a secret"),
        (("add", "x", "splunk", "ftp://a.example", "--secret-env", "SIEM_TOKEN"), "the address is no URL"),
        (("add", "x", "splunk", "--secret-env", "SIEM_TOKEN"), "this is no target"),
        (("add", "x", "splunk", "https://a.example", "--secret-env", "NO_SUCH"), "NO_SUCH is not set"),
        (("add", "x", "splunk", "https://a.example", "--secret-file", "/nowhere"), "/nowhere: No such file"),
        (("add", "x", "otlp", "https://a.example", "--since", "yesterday"), "`yesterday` is no time"),
        (("pause", "nobody"), "there is no target nobody"),
        (("replay", "nobody", "7d"), "there is no target nobody"),
    ],
)
def test_what_cannot_be_is_said(url, arguments, said):
    status, out, error = wb("fleet", "target", *arguments)
    assert (status, out, said in error) == (2, "", True), error


def test_two_of_one_name_are_told_apart_by_id(url):
    add()
    add()
    status, _, said = wb("fleet", "target", "pause", "SIEM")
    assert (status, "several targets are called SIEM" in said) == (2, True)
    (one, _) = read(url, export_targets.listed)
    assert wb("fleet", "target", "pause", one.target_id)[0] == 0


def test_what_stands_in_the_outbox_can_be_replayed(url):
    store = Store.open(url)
    store.write_now(lambda connection: outbox.tell(connection, "", outbox.DECISION, {"message": "x"}, NOW))
    store.close()
    add()
    assert "1 row will be sent to SIEM again" in wb("fleet", "target", "replay", "SIEM", "2020-01-01T00:00Z")[2]
