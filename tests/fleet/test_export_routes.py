"""Targets over HTTP: everything about them is shown, but no secret."""

import asyncio
import json

import pytest
from tests.fleet.receivers import HttpReceiver, Reply, poster
from tests.fleet.serving import Running
from tests.fleet.told import NOW, tell_all

from weighbridge.fleet.exporting import Exporter
from weighbridge.fleet.permissions import Permission, Role, Scope

SECRET = "very-secret-token-of-splunk"


class Exports:
    """The routes, asked by an administrator."""

    def __init__(self, served: Running) -> None:
        self.served = served
        served.clock.now = NOW + 10
        self.client = served.client()
        token = served.token(served.account(role=Role.ADMINISTRATOR), Permission.EXPORTS_MANAGE)
        self.client.headers.update(token)
        self.said: list[str] = []

    def ask(self, method: str, path: str = "", body: object = None, status: int = 200):
        more = {} if body is None else {"json": body}
        answer = self.client.request(method, f"/api/v1/exports{path}", **more)
        assert answer.status_code == status, answer.text
        self.said.append(answer.text)
        return answer.json() if answer.content else None

    def add(self, url: str, **more: object):
        wanted = {"name": "Splunk", "kind": "splunk", "address": url, "secret": SECRET, "since": 0}
        return self.ask("POST", body=wanted | more, status=201)

    def deliver(self) -> None:
        exporter = Exporter(self.served.server, poster())

        async def run() -> None:
            while await exporter.step():
                pass

        asyncio.run(run())


@pytest.fixture
def exports(served: Running) -> Exports:
    served.store.write_now(tell_all)
    return Exports(served)


def test_a_target_from_beginning_to_end(exports: Exports) -> None:
    assert exports.ask("GET") == []
    answers = [Reply(400, b"no")]
    with HttpReceiver(lambda _: answers[0]) as receiver:
        made = exports.add(receiver.url)
        one = f"/{made['target_id']}"
        assert (made["address"], made["state"], made["behind"], made["secret"]) == (receiver.url, "sending", 3, None)
        exports.deliver()
        shown = exports.ask("GET", one)
        assert (shown["dead_letters"], shown["behind"], shown["sent"]) == (3, 0, 0)
        letters = exports.ask("GET", f"{one}/dead-letters")
        assert [letter["error"] for letter in letters] == ["it answered 400: no"] * 3
        answers[0] = Reply()
        assert exports.ask("POST", f"{one}/dead-letters/replay", status=201) == {"rows": 3}
        exports.deliver()
        assert (exports.ask("GET", one)["dead_letters"], exports.ask("GET", one)["sent"]) == (0, 10)
        assert exports.ask("POST", f"{one}/replay", {"since": NOW + 1}, status=201) == {"rows": 2}
        exports.deliver()
        assert exports.ask("GET", one)["sent"] == 12
        answers[0] = Reply(503)
        exports.ask("POST", f"{one}/replay", {"since": 0}, status=201)
        exports.deliver()
        assert exports.ask("GET", one)["state"] == "failing"
        answers[0] = Reply()
        exports.ask("POST", f"{one}/retry", status=204)
        exports.deliver()
        assert exports.ask("GET", one)["state"] == "sending"
        assert exports.ask("PATCH", one, {"paused": True})["state"] == "paused"
        assert exports.ask("PATCH", one, {"paused": False, "secret": "another-secret"})["state"] == "sending"
        exports.ask("POST", f"{one}/retry", status=204)
        exports.ask("POST", f"{one}/replay", {"since": NOW + 2}, status=201)
        exports.deliver()
        assert receiver.received[-1].headers["authorization"] == "Splunk another-secret"
    exports.ask("DELETE", one, status=204)
    exports.ask("GET", one, status=404)
    assert exports.ask("GET") == []


def test_secrets_go_in_and_never_out(exports: Exports) -> None:
    with HttpReceiver(lambda _: Reply(403)) as receiver:
        made = exports.add(f"{receiver.url}/x?token={SECRET}")
        exports.add(f"{receiver.url}/services/{SECRET}", kind="slack", secret="")
        exports.deliver()
    exports.ask("GET")
    exports.ask("GET", f"/{made['target_id']}")
    exports.ask("PATCH", f"/{made['target_id']}", {"secret": SECRET + "2"})
    exports.ask("PATCH", f"/{made['target_id']}", {"secret": SECRET + " with spaces"}, status=400)
    from weighbridge.fleet import audit

    entries = exports.served.store.read_now(lambda connection: audit.newest(connection, 100))
    assert {entry.action for entry in entries} >= {"export.add", "export.change"}
    seen = "".join(exports.said) + json.dumps(entries) + "".join(exports.served.lines)
    assert SECRET not in seen.replace("\\", "")


def test_a_webhook_is_given_a_secret_which_is_shown_once(exports: Exports) -> None:
    made = exports.add("https://siem.example.com/in", kind="webhook", secret="")
    assert made["secret"].startswith("whsec_")
    assert "secret" not in exports.ask("GET", f"/{made['target_id']}") or exports.ask("GET")[0]["secret"] is None
    assert exports.add("https://siem.example.com/in", kind="webhook", secret="a-key-of-mine")["secret"] is None


def test_what_cannot_be_a_target(exports: Exports) -> None:
    for wrong in (
        {"kind": "carrier-pigeon"},
        {"secret": ""},
        {"secret": "two words"},
        {"address": "ftp://a.example"},
        {"address": "https://ada:pass@a.example"},
        {"name": " "},
        {"name": "a\nb"},
        {"topics": ["gossip"]},
        {"severity": "loud"},
        {"format": "xml"},
        {"authorities": "no certificate"},
        {"since": -1},
        {"unknown": 1},
        {"kind": "syslog", "address": "https://a.example"},
        {"kind": "syslog", "address": "a.example:1", "format": "ecs"},
        {"digest_minutes": 5},
        {"kind": "slack", "digest_minutes": -1},
        {"options": {"project": "SEC"}},
        {"kind": "jira"},
        {"kind": "jira", "options": {"project": "sec; DROP"}},
        {"kind": "jira", "options": {"project": "SEC", "colour": "red"}},
        {"kind": "jira", "options": {"project": "SEC", "api": "1"}},
    ):
        wanted = {"name": "n", "kind": "splunk", "address": "https://a.example", "secret": SECRET}
        answer = exports.client.post("/api/v1/exports", json=wanted | wrong)
        assert answer.status_code == 400, wrong
        assert answer.json()["code"] in ("E-export", "E-request")
        assert SECRET not in answer.text
    assert exports.ask("GET") == []


def test_the_kinds_and_what_is_not_there(exports: Exports) -> None:
    kinds = {one["kind"]: one for one in exports.ask("GET", "/kinds")}
    assert list(kinds) == ["cef", "jira", "otlp", "slack", "splunk", "syslog", "teams", "webhook"]
    assert kinds["slack"]["topics"] == ["finding", "decision"]
    assert [name for name, one in kinds.items() if one["takes_digests"]] == ["slack", "teams"]
    assert [one["name"] for one in kinds["jira"]["options"] if one["needed"]] == ["project"]
    for method, path, body in (
        ("GET", "/x", None),
        ("PATCH", "/x", {}),
        ("DELETE", "/x", None),
        ("POST", "/x/retry", None),
        ("POST", "/x/replay", {"since": 0}),
        ("GET", "/x/dead-letters", None),
        ("POST", "/x/dead-letters/replay", None),
        ("DELETE", "/x/dead-letters", None),
        ("POST", "/x/test", None),
        ("GET", "/x/tickets", None),
    ):
        exports.ask(method, path, body, status=404)


def test_there_are_not_more_than_so_many(exports: Exports) -> None:
    from weighbridge.fleet.export_targets import MOST

    for _ in range(MOST):
        exports.add("https://a.example")
    assert (
        exports.client.post(
            "/api/v1/exports", json={"name": "n", "kind": "splunk", "address": "https://a.example", "secret": SECRET}
        ).json()["code"]
        == "E-export"
    )


def test_who_sees_a_part_of_the_fleet_cannot_send_all_of_it_somewhere(exports: Exports) -> None:
    with HttpReceiver() as receiver:
        one = f"/{exports.add(receiver.url)['target_id']}"
    limited = exports.served.account("bob", Role.ADMINISTRATOR, Scope(groups=("lab",)))
    exports.client.headers.update(exports.served.token(limited, Permission.EXPORTS_MANAGE))
    wanted = {"name": "n", "kind": "splunk", "address": "https://a.example", "secret": SECRET}
    for method, path, body in (
        ("GET", "", None),
        ("POST", "", wanted),
        ("GET", one, None),
        ("PATCH", one, {"paused": True}),
        ("DELETE", one, None),
        ("POST", f"{one}/retry", None),
        ("POST", f"{one}/replay", {"since": 0}),
        ("GET", f"{one}/dead-letters", None),
        ("POST", f"{one}/dead-letters/replay", None),
        ("DELETE", f"{one}/dead-letters", None),
        ("POST", f"{one}/test", None),
        ("GET", f"{one}/tickets", None),
    ):
        assert exports.ask(method, path, body, status=403)["code"] == "E-not-allowed"
