import pytest
from tests.samples.agent_homes import ALL_SECRETS, clean, faulty

from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Severity
from weighbridge.pipeline.agent_audit import audit_agents

SEEDED = {
    ("permission", "agent-autonomy", "permissions/defaultMode"),
    ("permission", "agent-autonomy", "approval_policy"),
    ("permission", "agent-autonomy", "sandbox_mode"),
    ("permission", "agent-autonomy", "GOOSE_MODE"),
    ("permission", "agent-autonomy", "permission"),
    ("permission", "agent-autonomy", "amp.dangerouslyAllowAll"),
    ("permission", "agent-autonomy", "yes-always"),
    ("tool server", "agent-autonomy", "a"),
    ("tool server", "unpinned-tool-server", "github"),
    ("tool server", "unpinned-tool-server", "database"),
    ("tool server", "unpinned-tool-server", "web"),
    ("tool server", "plain-http-tool-server", "plain"),
    ("hook", "replaceable-hook", "PreToolUse"),
    ("hook", "fetched-command", "SessionStart"),
    ("skill", "hidden-instructions", "pdf"),
    ("skill", "hidden-instructions", "setup"),
    ("skill", "fetched-command", "setup"),
    ("instructions", "hidden-instructions", "AGENTS.md"),
    ("key", "exposed-key", "GITHUB_TOKEN"),
    ("key", "exposed-key", "GH_PAT"),
    ("key", "exposed-key", "HF_TOKEN"),
    ("key", "exposed-key", "ANTHROPIC_API_KEY"),
    ("key", "exposed-key", "OPENAI_API_KEY"),
    ("key", "exposed-key", "password in the address"),
    ("key", "exposed-key", "part of the address"),
    ("tool", "known-bad-tool", "litellm"),
    ("tool", "known-bad-tool", "mcp-remote"),
}


def test_every_seeded_fault_is_found_and_nothing_else() -> None:
    audit = audit_agents(faulty())
    found = {(one.kind, finding.check, one.name) for one in audit.judged for finding in one.findings}
    assert found == SEEDED


def test_a_clean_machine_has_no_finding() -> None:
    audit = audit_agents(clean())
    assert audit.judged == ()
    assert audit.unexamined == ()
    assert len(audit.inventory.tool_servers) == 5


def test_worst_first_and_the_same_every_time() -> None:
    first, second = audit_agents(faulty()), audit_agents(faulty())
    worst = [max(finding.severity for finding in one.findings) for one in first.judged]
    assert worst[0] in (Severity.CRITICAL, max(worst))
    assert [(one.kind, one.name, one.path) for one in first.judged] == [
        (one.kind, one.name, one.path) for one in second.judged
    ]


def test_no_value_of_a_key_is_anywhere_in_it() -> None:
    text = repr(audit_agents(faulty()))
    assert [value for value in ALL_SECRETS if value in text] == []


def test_no_value_is_in_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong while a key is handled, its traceback's text does not hold the value."""
    from weighbridge.discover import fingerprint

    def broken(*_: object) -> bytes:
        raise ValueError("no digest")

    monkeypatch.setattr(fingerprint.hmac, "digest", broken)
    with pytest.raises(ValueError, match="no digest") as caught:
        audit_agents(faulty())
    import traceback

    text = "".join(traceback.format_exception(caught.value))
    assert [value for value in ALL_SECRETS if value in text] == []


def test_a_pinned_tool_server_in_a_bad_version_is_told() -> None:
    from tests.samples.agent_homes import HOME, text_of

    from weighbridge.host.fake import FakeMachine

    machine = FakeMachine()
    servers = {"mail": {"command": "npx", "args": ["-y", "postmark-mcp@1.0.16"]}}
    machine.add_file(HOME + b"/.cursor/mcp.json", text_of({"mcpServers": servers}))
    (one,) = audit_agents(machine, tools=False).judged
    assert [finding.check for finding in one.findings] == ["known-bad-tool"]


def test_an_agent_has_its_title_though_only_shared_settings_tell_of_it() -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/ada/.config/Code/User/settings.json", b'{"chat.tools.autoApprove": true}')
    (finding,) = [finding for one in audit_agents(machine, tools=False).judged for finding in one.findings]
    assert finding.message.startswith("VS Code + GitHub Copilot: no tool is asked for")
