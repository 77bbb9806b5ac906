from tests.fleet.jira import TOKEN, Jira
from tests.fleet.receivers import HttpReceiver, Reply
from tests.fleet.test_export_routes import Exports, exports  # noqa: F401

from weighbridge.fleet.settings import read_settings


def test_a_target_is_asked_now_and_nothing_else_happens(exports: Exports) -> None:  # noqa: F811  (the fixture above)
    exports.served.server.settings = read_settings(environment={"WEIGHBRIDGE_SERVE_EXPORT_NETWORKS": "127.0.0.0/8"})
    answers = [Reply()]
    with HttpReceiver(lambda _: answers[0]) as receiver:
        one = f"/{exports.add(receiver.url)['target_id']}"
        said = "it took an event that says that it is a test"
        assert exports.ask("POST", f"{one}/test") == {"taken": True, "said": said}
        assert b"A test of this target" in receiver.bodies[0]
        answers[0] = Reply(401, b"who are you")
        assert exports.ask("POST", f"{one}/test") == {"taken": False, "said": "it answered 401: who are you"}
        shown = exports.ask("GET", one)
        assert (shown["sent"], shown["state"], shown["dead_letters"]) == (0, "sending", 0)


def test_a_test_reaches_no_network_that_exports_may_not(exports: Exports) -> None:  # noqa: F811
    with HttpReceiver() as receiver:
        one = f"/{exports.add(receiver.url)['target_id']}"
        found = exports.ask("POST", f"{one}/test")
        assert (found["taken"], receiver.received) == (False, [])
        assert "127.0.0.1" in found["said"]


def test_issues_of_findings_are_listed(exports: Exports) -> None:  # noqa: F811
    with Jira() as jira:
        more = {"kind": "jira", "secret": TOKEN, "options": {"project": "SEC", "api": "3"}}
        one = f"/{exports.add(jira.url, **more)['target_id']}"
        exports.deliver()
        found = exports.ask("GET", f"{one}/tickets")
        assert {ticket["url"] for ticket in found} == {f"{jira.url}/browse/{key}" for key in jira.issues}
        assert found
