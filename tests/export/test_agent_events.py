"""Events and rows of a real audit of a machine on which much is wrong."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.export.test_events import JSON
from tests.export.test_ocsf import faults
from tests.samples.agent_homes import ALL_SECRETS, faulty

from weighbridge.export.ai_tools import COLUMNS, line, row_of
from weighbridge.export.cef import line as cef
from weighbridge.export.ecs import document as ecs
from weighbridge.export.event import Event
from weighbridge.export.events import events_of
from weighbridge.export.ocsf import document as ocsf
from weighbridge.export.syslog import line as syslog
from weighbridge.pipeline.agent_audit import audit_agents
from weighbridge.report.agent_audit_json import document

KEYS = ("agents", "tool_servers", "skills", "instructions", "findings", "permissions", "package", "path", "name", "url")


def events() -> list[Event]:
    return list(events_of(document(audit_agents(faulty()))))


def test_an_audit_gives_an_event_for_each_part_and_each_finding() -> None:
    report = document(audit_agents(faulty()))
    found = list(events_of(report))
    for part, what in (
        ("agents", "agent"),
        ("tool_servers", "tool server"),
        ("skills", "skill"),
        ("instructions", "instructions"),
    ):
        assert sum(event.what == what for event in found) == len(report[part]) > 0
    assert sum(event.kind == "finding" for event in found) == len(report["findings"])
    assert len({event.id for event in found}) == len(found)


def test_rows_have_the_columns_and_the_words_of_the_table() -> None:
    rows = [made for event in events() if (made := row_of(event)) is not None]
    assert {made["type"] for made in rows} == {"agents", "mcp_server", "agent_instruction"}
    assert all(tuple(made) == COLUMNS and made["running"] == 0 for made in rows)
    risks = {risk for made in rows for risk in made["risk_flags"].split(",") if risk}
    assert risks <= {
        *("remote_fetch_exec", "unpinned_dependency", "cleartext_endpoint", "hidden_unicode", "bypass_permissions"),
    }
    assert {"unpinned_dependency", "bypass_permissions"} <= risks
    assert all(made["location"] == "local" for made in rows if not made["endpoint"])


def test_every_format_has_a_place_for_them() -> None:
    for event in events():
        assert faults(ocsf(event)) == []
        assert ecs(event)["event"]["kind"] in ("alert", "event")
        assert "\n" not in syslog(event) + cef(event) + (line(event) or "")


def test_no_value_of_a_key_is_in_them() -> None:
    said = "".join(repr(event) for event in events())
    assert [secret for secret in ALL_SECRETS if secret in said] == []


@given(
    st.dictionaries(st.sampled_from(KEYS), JSON | st.lists(st.dictionaries(st.sampled_from(KEYS), JSON)), max_size=6)
)
def test_a_report_of_any_shape_is_read(report: dict[str, Any]) -> None:
    assert isinstance(list(events_of(report | {"schema": "weighbridge.agents/1"})), list)
