import pytest
from tests.fleet.config_kit import applied, planned, said
from tests.fleet.told import NOW

from weighbridge.fleet import config_applied, config_export, export_targets
from weighbridge.fleet.config_files import read_files
from weighbridge.model.errors import WeighbridgeError

SIEM = """
targets:
  - name: SIEM
    kind: splunk
    address: https://splunk.example.com:8088
    secret: {env: TOKEN}
    severity: medium
"""
CHAT = """
targets:
  - {name: chat, kind: slack, address: {env: ROOM}, digest_minutes: 60}
"""
TOKEN, ROOM = "a-token-of-splunk", "https://hooks.slack.example/services/a-secret"


def only(store):
    (target,) = store.read_now(export_targets.listed)
    return target, store.read_now(lambda connection: export_targets.destination_of(connection, target))


def test_a_target_is_made_from_a_file_and_its_secret_from_elsewhere(store):
    applied(store, SIEM, secrets={"TOKEN": TOKEN})
    target, destination = only(store)
    assert (target.kind, target.severity, target.topics) == ("splunk", "medium", ("record", "finding", "decision"))
    assert destination.secret == TOKEN
    assert said(applied(store, SIEM, secrets={"TOKEN": TOKEN})) == []
    everything = str(store.read_now(config_applied.every)) + str(store.read_now(config_export.export))
    assert TOKEN not in everything


def test_another_secret_is_a_change_that_names_none(store):
    applied(store, SIEM, secrets={"TOKEN": TOKEN})
    plan = planned(store, SIEM, secrets={"TOKEN": "another-token"})
    (change,) = plan.changes
    assert [(one.name, one.before) for one in change.fields] == [("secret", "(not shown)")]
    assert "another-token" not in str(plan)
    applied(store, SIEM, secrets={"TOKEN": "another-token"})
    assert only(store)[1].secret == "another-token"


def test_a_secret_that_is_not_there_now_stays_and_a_new_target_needs_one(store):
    with pytest.raises(WeighbridgeError, match=r"fleet.yaml:3: the secret of `SIEM` is not in the variable TOKEN"):
        applied(store, SIEM)
    applied(store, SIEM, secrets={"TOKEN": TOKEN})
    assert said(applied(store, SIEM)) == []
    applied(store, SIEM.replace("medium", "high"))
    assert (only(store)[0].severity, only(store)[1].secret) == ("high", TOKEN)


def test_what_changes_leaves_the_target_where_it_is(store):
    applied(store, SIEM, secrets={"TOKEN": TOKEN})
    before = only(store)[0]
    store.write_now(lambda c: export_targets.succeeded(c, NOW, before.target_id, cursor=7, events=3))
    applied(store, SIEM.replace("8088", "8089") + "    paused: true\n    format: ecs\n    topics: [finding]\n")
    after, destination = only(store)
    assert (after.target_id, after.cursor, after.sent, after.paused) == (before.target_id, 7, 3, True)
    assert (after.format, after.topics, destination.address) == ("ecs", ("finding",), "https://splunk.example.com:8089")
    applied(store, SIEM)
    assert not only(store)[0].paused


def test_the_address_of_a_chat_is_a_secret(store):
    applied(store, CHAT, secrets={"ROOM": ROOM})
    target, destination = only(store)
    assert (target.shown_address, target.digest_minutes) == ("https://hooks.slack.example/…", 60)
    assert destination.address == ROOM
    assert said(planned(store, CHAT, secrets={"ROOM": ROOM})) == []
    assert said(planned(store, CHAT, secrets={"ROOM": ROOM + "2"})) == [("change", "targets", "chat")]
    text = store.read_now(config_export.export)["targets.yaml"]
    assert ROOM not in text
    assert "address: {env: WEIGHBRIDGE_TARGET_CHAT_ADDRESS}" in text
    assert said(planned(store, text, prune=True)) == []
    with pytest.raises(WeighbridgeError, match="the address of slack is a secret"):
        read_files({"a.yaml": CHAT.replace("{env: ROOM}", f"'{ROOM}'").encode()})


def test_another_kind_is_another_target(store):
    applied(store, SIEM, secrets={"TOKEN": TOKEN})
    before = only(store)[0]
    applied(store, "targets:\n  - {name: SIEM, kind: otlp, address: 'https://otlp.example.com'}\n")
    after, destination = only(store)
    assert (after.kind, after.target_id != before.target_id, destination.secret) == ("otlp", True, "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{name: x, kind: splunck, address: 'https://a.example'}", "a.yaml:2 there is no kind of target"),
        ("{name: x, kind: splunk, address: 'ftp://a.example', secret: {env: T}}", "a.yaml:2 the address is no URL"),
        ("{name: x, kind: jira, address: 'https://a.example', secret: {env: T}}", "needs the option `project`"),
        ("{name: x, kind: otlp, address: 'https://a.example', topics: [gossip]}", "this is no target"),
        ("{name: x, kind: otlp, address: 'https://a.example', secret: hunter2}", "has a wrong value"),
        ("{name: x, kind: otlp, address: 'https://a.example', secret: {enf: T}}", "has the unknown key `enf`"),
    ],
)
def test_what_is_no_target(text, message):
    with pytest.raises(WeighbridgeError) as raised:
        read_files({"a.yaml": f"targets:\n  - {text}\n".encode()})
    assert message in raised.value.message
    assert raised.value.code in ("E-config", "E-export")
