from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.export.event_samples import ps_report, scan_report

from weighbridge.export.events import events_of

KEYS = (
    *("artifacts", "processes", "places", "findings", "verdict", "rules", "path", "sha256", "weights", "listeners"),
    *("actor", "license", "facts", "severity", "pid", "tool", "policies", "declared"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


def test_a_scan_gives_an_event_per_model_and_per_finding() -> None:
    report = scan_report()
    events = list(events_of(report))
    artifacts = report["artifacts"]
    assert sum(event.kind == "artifact" for event in events) == len(artifacts)
    assert sum(event.kind == "finding" for event in events) == sum(len(one["findings"]) for one in artifacts)
    assert {event.sha256 for event in events} == {one["sha256"] or one["claimed_sha256"] for one in artifacts}
    assert {event.machine for event in events} == {"demo machine"}


def test_findings_carry_what_they_are_about() -> None:
    found = [event for event in events_of(scan_report()) if event.kind == "finding"]
    assert all(event.check and event.path and event.remedy for event in found)
    assert {(event.decision, event.rule, event.reason) for event in found} == {("", "", "")}, "that is said once"


def test_a_snapshot_gives_processes_with_weights_and_listeners() -> None:
    events = [event for event in events_of(ps_report()) if event.kind == "process"]
    assert len(events) == len(ps_report()["processes"])
    (server,) = [event for event in events if event.pid == 4711]
    assert (server.decision, server.runtime, server.evidence) == ("deny", "llama_cpp", ("mapped", "command-line"))
    assert server.sha256 == "3f9a" + "0" * 60
    assert server.listeners
    assert server.severity in ("high", "critical")


def test_ids_are_unique_and_stay() -> None:
    ids = [event.id for event in events_of(scan_report())]
    assert len(set(ids)) == len(ids)
    assert ids == [event.id for event in events_of(scan_report())]


@given(st.dictionaries(st.sampled_from(KEYS), JSON, max_size=6), st.sampled_from(("weighbridge.ps/1", "x")))
def test_a_report_of_any_shape_is_read(report: dict[str, Any], schema: str) -> None:
    assert isinstance(list(events_of(report | {"schema": schema})), list)
