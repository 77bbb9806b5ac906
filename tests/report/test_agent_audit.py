import json

import jsonschema
import pytest
from tests.samples.agent_homes import ALL_SECRETS, clean, faulty

from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.agent_audit import audit_agents
from weighbridge.report.agent_audit_json import SCHEMA, document
from weighbridge.report.agent_audit_json_schema import agents_schema
from weighbridge.report.agent_audit_table import render


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("build", [faulty, clean, FakeMachine])
def test_no_line_is_wider_than_the_terminal(build, width: int) -> None:
    text = render(audit_agents(build()), width=width, color=False, home="/home/ada")
    assert max(map(len, text.splitlines())) <= width


def test_what_a_person_reads() -> None:
    text = render(audit_agents(faulty()), width=80, color=False, home="/home/ada")
    assert "Claude Code" in text
    assert "acts without asking" in text
    assert "~/.claude/settings.json" in text
    assert "nothing was started, no socket was opened" in text
    assert "0 findings" in render(audit_agents(clean()), width=80, color=False, home="/home/ada")
    assert render(audit_agents(FakeMachine()), width=80, color=False, home="").startswith("No agent was found.")


def test_colors_only_where_they_are_wanted() -> None:
    audit = audit_agents(faulty())
    assert "\x1b[" in render(audit, width=80, color=True, home="")
    assert "\x1b[" not in render(audit, width=80, color=False, home="")


def test_the_document() -> None:
    found = document(audit_agents(faulty()))
    json.dumps(found)
    assert found["schema"] == SCHEMA == "weighbridge.agents/1"
    assert {"agents", "tool_servers", "skills", "hooks", "permissions", "instructions", "keys", "tools"} <= set(found)
    server = next(one for one in found["tool_servers"] if one["name"] == "github" and "claude_code" in one["agents"])
    assert server["package"] == {
        "ecosystem": "npm",
        "name": "@modelcontextprotocol/server-github",
        "version": "latest",
        "pinned": False,
    }
    assert server["environment"] == ["GITHUB_TOKEN", "LOG_LEVEL"]


def test_neither_output_holds_a_key() -> None:
    audit = audit_agents(faulty())
    text = json.dumps(document(audit)) + render(audit, width=80, color=False, home="")
    assert [value for value in ALL_SECRETS if value in text] == []


def test_names_from_files_cannot_write_to_the_terminal() -> None:
    machine = FakeMachine()
    text = b'{"mcpServers": {"a\\u001b[2J\\u202e": {"command": "npx", "args": ["-y", "x"]}}}'
    machine.add_file(b"/home/ada/.cursor/mcp.json", text)
    shown = render(audit_agents(machine), width=80, color=False, home="")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize("build", [faulty, clean, FakeMachine])
def test_every_document_fits_the_schema_and_the_schema_is_one(build) -> None:
    jsonschema.Draft202012Validator.check_schema(agents_schema())
    jsonschema.validate(json.loads(json.dumps(document(audit_agents(build())))), agents_schema())


def test_the_schema_has_every_field_and_refuses_others() -> None:
    found = document(audit_agents(faulty()))
    assert set(agents_schema()["properties"]) == set(found)
    found["tool_servers"][0]["environment"] = {"GITHUB_TOKEN": "value"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, agents_schema())
