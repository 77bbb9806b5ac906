import pytest

from weighbridge.discover.installed_agents import installed_agents
from weighbridge.host.fake import FakeMachine
from weighbridge.model.toolchain import Ecosystem, InstalledTool


def found(machine: FakeMachine, *tools: InstalledTool) -> dict[str, tuple[bool, str | None]]:
    return {agent.id: (agent.installed, agent.version) for agent in installed_agents(machine, tools)}


def tool(ecosystem: Ecosystem, name: str, version: str) -> InstalledTool:
    return InstalledTool(ecosystem=ecosystem, name=name, version=version, path=b"/x")


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        (b"/home/ada/.local/bin/claude", {"claude_code"}),
        (b"/usr/local/bin/codex", {"codex"}),
        (b"/home/ada/.nvm/versions/node/v22.1.0/bin/opencode", {"opencode"}),
        (b"/usr/bin/node", set()),
        (b"/usr/sbin/zed", set()),
        (b"/usr/bin/goose", set()),
        (b"/usr/bin/cursor-theme", set()),
        (b"/usr/lib/libXcursor.so", set()),
        (b"/usr/bin/jansson", set()),
    ],
)
def test_programs_by_names_that_are_theirs_alone(path: bytes, ids: set[str]) -> None:
    machine = FakeMachine()
    machine.add_file(path)
    assert set(found(machine)) == ids


def test_a_shared_name_counts_beside_another_sign() -> None:
    machine = FakeMachine()
    machine.add_file(b"/usr/bin/goose")
    machine.add_file(b"/home/ada/.config/goose/config.yaml", b"")
    (agent,) = installed_agents(machine, ())
    assert [one.kind for one in agent.evidence] == ["program", "configuration"]


def test_packages_by_publisher() -> None:
    tools = (
        tool(Ecosystem.NPM, "@anthropic-ai/claude-code", "2.1.3"),
        tool(Ecosystem.PYPI, "aider_chat", "0.86.0"),
        tool(Ecosystem.VSCODE, "GitHub.copilot-chat", "0.30.0"),
        tool(Ecosystem.BREW, "crush", "0.9"),
        tool(Ecosystem.VSCODE, "someone.copilot", "1.0.0"),
    )
    assert found(FakeMachine(), *tools) == {
        "claude_code": (True, "2.1.3"),
        "aider": (True, "0.86.0"),
        "vscode_copilot": (True, "0.30.0"),
        "crush": (True, "0.9"),
    }


def test_a_configuration_is_a_trace() -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/ada/.codex/config.toml")
    machine.add_file(b"/home/ada/.config/Code/User/settings.json", b"{}")
    assert found(machine) == {"codex": (False, None)}


@pytest.mark.parametrize("platform", ["darwin", "windows"])
def test_other_platforms(platform: str) -> None:
    machine = FakeMachine(platform)
    path = (
        b"/Applications/Cursor.app/x"
        if platform == "darwin"
        else b"C:\\Users\\ada\\AppData\\Local\\Programs\\Cursor\\x"
    )
    machine.add_file(path)
    assert set(found(machine)) == {"cursor"}
