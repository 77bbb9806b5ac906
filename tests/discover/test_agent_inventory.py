import sys

import pytest
from tests.samples.agent_homes import HOME, PROJECT, clean, faulty, text_of

from weighbridge.discover.agent_catalog import agents
from weighbridge.discover.agent_inventory import agent_inventory
from weighbridge.discover.agent_places import places
from weighbridge.host.fake import FakeMachine
from weighbridge.model.agent import Scope


def test_everything_around_agents_is_found() -> None:
    inventory = agent_inventory(faulty())
    assert {agent.id for agent in inventory.agents} >= {"claude_code", "codex", "cursor", "goose", "amp", "aider"}
    assert [server.name for server in inventory.tool_servers if server.scope is Scope.PROJECT] == ["shop"]
    assert {skill.name for skill in inventory.skills} == {"pdf", "setup", "plain"}
    assert len(inventory.hooks) == 3
    assert {one.agent for one in inventory.permissions if one.autonomous} == {
        *("aider", "amp", "claude_code", "codex", "goose", "opencode"),
    }
    assert inventory.projects == (PROJECT,)
    assert inventory.unexamined == ()


def test_a_skill_belongs_to_every_agent_that_reads_its_folder() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/.local/bin/claude")
    machine.add_file(HOME + b"/.codex/config.toml")
    machine.add_file(b"/src/.agents/skills/x/SKILL.md", b"---\nname: x\ndescription: y\n---\n")
    (skill,) = agent_inventory(machine, (b"/src",)).skills
    assert skill.agents == ("claude_code", "codex")
    assert {"claude_code", "codex", "gemini_cli", "amp"} <= set(skill.readers)


def test_a_folder_of_skills_behind_a_link_is_told_once() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/.agents/skills/x/SKILL.md", b"")
    machine.add_directory(HOME + b"/.claude")
    machine.add_link(HOME + b"/.claude/skills", b"../.agents/skills")
    assert len(agent_inventory(machine).skills) == 1


def test_one_file_for_several_agents_is_one_server_with_all_of_them() -> None:
    machine = FakeMachine()
    machine.add_file(b"/src/.vscode/mcp.json", text_of({"servers": {"a": {"command": "x"}}}))
    (server,) = agent_inventory(machine, (b"/src",)).tool_servers
    assert server.agents == ("vscode_copilot",)


def test_projects_that_are_gone_and_odd_names_are_left_out() -> None:
    machine = FakeMachine()
    names = {"/gone": {}, "relative": {}, "": {}, "/": {}, "/home/ada": {}, "/a\0b": {}}
    machine.add_file(HOME + b"/.claude.json", text_of({"projects": names}))
    assert agent_inventory(machine).projects == ()


@pytest.mark.parametrize("build", [faulty, clean])
def test_only_declared_files_are_read(build) -> None:
    machine = build()
    machine.reads.clear()
    inventory = agent_inventory(machine)
    read = {one.path for one in machine.reads if one.operation in ("read", "open", "peek", "digest")}
    declared = {
        path
        for agent in agents()
        for place in (*agent.files, *agent.instructions)
        for path in places(machine, place.path, inventory.projects)
    }
    beside = {b"/home/ada/.bashrc", PROJECT + b"/.env"}
    skills = tuple(skill.path + b"/" for skill in inventory.skills)
    assert [path for path in sorted(read - declared - beside) if not path.startswith(skills)] == []


def test_no_process_is_started_and_no_socket_opened() -> None:
    events: list[str] = []
    sys.addaudithook(lambda event, _: events.append(event) if watching and event.startswith(ACTS) else None)
    watching = True
    agent_inventory(faulty())
    watching = False
    assert events == []


ACTS = ("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.spawn", "socket.", "pty.", "urllib.")


@pytest.mark.parametrize("platform", ["darwin", "windows"])
def test_other_platforms(platform: str) -> None:
    machine = FakeMachine(platform)
    base = b"Library/Application Support" if platform == "darwin" else b"AppData\\Roaming"
    path = machine.separator.join((machine.home, base, b"Claude", b"claude_desktop_config.json"))
    machine.add_file(path, text_of({"mcpServers": {"a": {"command": "npx", "args": ["-y", "x"]}}}))
    inventory = agent_inventory(machine)
    assert [agent.id for agent in inventory.agents] == ["claude_desktop"]
    assert [server.name for server in inventory.tool_servers] == ["a"]


HOSTILE = (
    b"[]",
    b"null",
    b'"text"',
    b'{"mcpServers": []}',
    b'{"mcpServers": {"a": [1]}, "hooks": 3, "permissions": [], "projects": "x", "env": []}',
    b'{"mcpServers": {"a": {"command": 3, "args": {"x": 1}, "env": "x", "url": [], "headers": 5}}}',
    b'{"hooks": {"a": [[{"command": [{"command": "x"}]}]]}, "permissions": {"allow": {"a": 1}}}',
    b'{"a":' * 99 + b"1" + b"}" * 99,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_configurations_of_any_shape_raise_nothing(text: bytes) -> None:
    machine = FakeMachine()
    for agent in agents():
        for file in agent.files:
            for path in places(machine, file.path, (b"/src",)):
                if b"*" not in path:
                    machine.add_file(path, text)
    agent_inventory(machine, (b"/src",))


def test_a_configuration_that_a_variable_moved_is_read() -> None:
    machine = FakeMachine(environment={"CODEX_HOME": "/moved"})
    machine.add_file(b"/moved/config.toml", b'approval_policy = "never"')
    inventory = agent_inventory(machine)
    assert [agent.id for agent in inventory.agents] == ["codex"]
    assert [(one.path, one.autonomous) for one in inventory.permissions] == [(b"/moved/config.toml", True)]


def test_a_remembered_project_on_a_network_filesystem_is_not_asked_for() -> None:
    machine = FakeMachine()
    machine.add_file(b"/net/shop/.mcp.json", text_of({"mcpServers": {"a": {"command": "x"}}}))
    machine.mount(b"/net", "nfs4")
    machine.add_file(HOME + b"/.claude.json", text_of({"projects": {"/net/shop": {}}}))
    machine.reads.clear()
    assert agent_inventory(machine).projects == ()
    assert [read for read in machine.reads if read.path.startswith(b"/net")] == []
    assert agent_inventory(machine, (b"/net/shop",)).tool_servers != ()
