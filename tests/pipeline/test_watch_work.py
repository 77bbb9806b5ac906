from datetime import timedelta
from typing import Any

from msgspec.structs import replace
from tests.pipeline.hub_feeds import revoked
from tests.pipeline.test_processes import PATH, machine
from tests.pipeline.test_weights_files import gguf
from tests.samples.agent_homes import faulty
from tests.sync.policy_server import policy_files

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive
from weighbridge.ledger.entry import timestamp
from weighbridge.pipeline.demo_machine import demo_machine
from weighbridge.pipeline.fleet_policy import PolicyFolder
from weighbridge.pipeline.hub_feed import KeptFeed, keep_feed
from weighbridge.pipeline.watch_work import Work
from weighbridge.sync.policy_bundle import packed


def answered(work: Work, **request: Any) -> tuple[list[str], dict[str, Any]]:
    answers = [*work.answer(request)]
    assert [answer for answer in answers if "done" in answer] == answers[-1:]
    return [answer["seen"][0] for answer in answers[:-1]], answers[-1]["done"]


def test_a_look_says_what_runs_and_what_it_covered() -> None:
    made, live = machine()
    live.map(7, PATH)
    live.hidden_from_all = ["everything else"]
    kinds, done = answered(Work(made, live, "observe", share=None), do="look")
    assert kinds == ["process", "policy-change"]
    assert (done["pids"], done["explained"], done["unmeasured"]) == ([7], [7], 0)
    assert done["not_visible"] == ["everything else"]
    assert "process" in done["scope"]


def test_a_look_may_leave_digests_for_the_next() -> None:
    made, live = machine()
    live.map(7, PATH)
    work = Work(made, live, "observe", share=None, hash_seconds=0)
    assert answered(work, do="look")[1]["unmeasured"] == 1


def test_a_look_hashes_no_more_than_its_request_says() -> None:
    made, live = machine()
    made.add_file(PATH, gguf() + bytes(40 << 20))
    live.map(7, PATH)
    work = Work(made, live, "observe", share=None, cached=False)
    assert answered(work, do="look", hash_seconds=0.0)[1]["unmeasured"] == 1
    assert answered(work, do="look", hash_seconds=0.5)[1]["unmeasured"] == 0


def test_who_only_reads_weights_is_left_out() -> None:
    made, live = machine()
    live.map(7, PATH)
    assert answered(Work(made, live, "observe"), do="look", own=[7])[0] == ["policy-change"]


def test_a_scan_of_known_stores_names_the_folders_to_watch() -> None:
    demo = demo_machine()
    kinds, done = answered(Work(demo, FakeLive(demo), "observe", share=None), do="scan", roots=[])
    assert "sighting" in kinds
    assert any(folder.endswith("/blobs") for folder in done["folders"])
    assert done["below"]
    assert all(folder.startswith(tuple(done["below"])) for folder in done["folders"])


def test_a_scan_of_everything_is_limited_to_nothing() -> None:
    demo = demo_machine()
    kinds, done = answered(Work(demo, FakeLive(demo), "observe", share=None), do="scan", roots=["/"])
    assert kinds.count("sighting") > 5
    assert done["below"] == []


def test_what_is_not_there_any_more_was_looked_at_and_holds_nothing() -> None:
    demo = demo_machine()
    work = Work(demo, FakeLive(demo), "observe", share=None)
    kinds, done = answered(work, do="scan", roots=["/home/ada/gone"])
    assert (kinds, done["below"]) == ([], ["/home/ada/gone"])
    assert "sighting" in done["scope"]


def test_an_audit_names_the_files_it_rests_on() -> None:
    made = faulty()
    kinds, done = answered(Work(made, FakeLive(made), "observe"), do="audit")
    assert "agent" in kinds
    assert any(path.endswith(".json") for path in done["configurations"])


def test_what_it_does_not_understand_it_says() -> None:
    made, live = machine()
    assert answered(Work(made, live, "observe"), do="dance") == ([], {"failed": "unknown request"})


def given(made: FakeMachine, number: int, expires: str) -> None:
    folder = PolicyFolder(made)
    folder.put_in_force(packed(number, policy_files(number)))
    folder.say(number, expires=expires)


def policies(work: Work) -> list[dict[str, Any]]:
    """Return what a look says of the policy."""
    seen = [answer["seen"] for answer in work.answer({"do": "look"}) if "seen" in answer]
    return [data for kind, data in seen if kind == "policy-change" or data.get("of") == "policy"]


def test_what_the_hub_revoked_counts_from_when_it_is_kept_under_any_policy() -> None:
    made, live = machine()
    live.map(7, PATH)
    work = Work(made, live, "observe", share=None)

    def said() -> tuple[str, list[str]]:
        (process,) = [one["seen"][1] for one in work.answer({"do": "look"}) if one.get("seen", [""])[0] == "process"]
        return str(process["weights"][0]["sha256"]), list(process["verdict"]["rules"])

    digest, rules = said()
    assert "revoked-model" not in rules
    kept = KeptFeed(hub="https://hub.example.com", sha256="1", refreshed_at=timestamp(made.now()))
    keep_feed(made, replace(kept, sha256="2", revoked=(revoked(digest),)))
    assert said()[1][0] == "revoked-model"
    keep_feed(made, replace(kept, sha256="3"))
    assert "revoked-model" not in said()[1]


def test_the_fleets_policy_weighs_from_when_it_comes_and_says_when_it_is_stale() -> None:
    made, live = machine()
    work = Work(made, live, "", share=None)
    (before,) = policies(work)
    assert (before["policy"], "whose" in before) == ("observe 1", False)
    given(made, 7, (made.clock + timedelta(days=7)).isoformat())
    (fresh,) = policies(work)
    assert (fresh["policy"], fresh["whose"], fresh["number"], fresh["stale_since"]) == ("balanced 7", "fleet", 7, "")
    assert answered(work, do="hello")[1]["policy"] == "balanced 7 (fleet, enforce)"
    made.clock += timedelta(days=8)
    stale, finding = policies(work)
    assert stale["stale_since"]
    assert (finding["check"], finding["severity"]) == ("policy-stale", "medium")
    assert "finding/policy" in answered(work, do="look")[1]["scope"]
    given(made, 8, (made.clock + timedelta(days=7)).isoformat())
    assert [one["policy"] for one in policies(work)] == ["balanced 8"]
    assert [one["policy"] for one in policies(Work(made, live, "observe", share=None))] == ["observe 1"]


def test_a_damaged_policy_keeps_nobody_from_starting_and_is_replaced_by_no_other() -> None:
    made, live = machine()
    given(made, 7, (made.clock + timedelta(days=7)).isoformat())
    made.durable_folder("policy").replace({"in-force.json": b"{"})
    work = Work(made, live, "", share=None)
    assert answered(work, do="hello") == ([], {"policy": ""})
    kinds, done = answered(work, do="look")
    assert (kinds, "damaged" in done["failed"]) == ([], True)
    given(made, 8, (made.clock + timedelta(days=7)).isoformat())
    assert [one["policy"] for one in policies(work)] == ["balanced 8"]
