import pytest

from weighbridge.discover.agent_process import agent_process


@pytest.mark.parametrize(
    ("name", "executable", "arguments", "agent"),
    [
        ("claude", "/home/ada/.local/share/claude/versions/2.1.3", ("claude",), "claude_code"),
        ("claude", "/usr/lib/node_modules/@anthropic-ai/claude-code-linux-x64/claude", ("claude",), "claude_code"),
        ("node", "/usr/bin/node", ("node", "/usr/lib/node_modules/@anthropic-ai/claude-code/cli.js"), "claude_code"),
        ("codex", "/x/@openai/codex-linux-x64/vendor/x/bin/codex", ("codex",), "codex"),
        ("node", "/usr/bin/node", ("node", "--max-old-space-size=8192", "/x/node_modules/.bin/gemini"), "gemini_cli"),
        ("MainThread", "/usr/bin/node", ("node", "/x/node_modules/@google/gemini-cli/dist/index.js"), "gemini_cli"),
        ("python3", "/usr/bin/python3.12", ("python3", "/home/ada/.local/bin/aider", "--yes"), "aider"),
        ("goose", "/home/ada/.local/bin/goose", ("goose",), "goose"),
        ("zed-editor", "/home/ada/.local/zed.app/libexec/zed-editor", ("zed",), "zed"),
        ("node", "/usr/bin/node", ("node", "/opt/openclaw.mjs", "gateway"), "openclaw"),
        ("claude", "", ("claude",), "claude_code"),
    ],
)
def test_agents(name: str, executable: str, arguments: tuple[str, ...], agent: str) -> None:
    found = agent_process(name, executable, arguments)
    assert found is not None
    assert found.agent.id == agent


@pytest.mark.parametrize(
    ("name", "executable", "arguments"),
    [
        ("node", "/usr/bin/node", ("node", "server.js", "gemini")),
        ("vim", "/usr/bin/vim", ("vim", "/x/node_modules/@anthropic-ai/claude-code/cli.js")),
        ("grep", "/usr/bin/grep", ("grep", "-r", "claude", ".")),
        ("zed", "/usr/sbin/zed", ("/usr/sbin/zed", "-F")),
        ("goose", "/usr/bin/goose", ("goose", "up")),
        ("cursor-theme", "/usr/bin/cursor-theme", ("cursor-theme",)),
        ("node", "/usr/bin/node", ("node", "/home/ada/bin/gemini-notes/index.js")),
        ("claude", "/usr/bin/not-that", ("claude",)),
        ("q", "/usr/bin/q", ("q",)),
    ],
)
def test_near_misses(name: str, executable: str, arguments: tuple[str, ...]) -> None:
    assert agent_process(name, executable, arguments) is None


@pytest.mark.parametrize(
    ("arguments", "flags"),
    [
        (("claude", "--dangerously-skip-permissions"), ("--dangerously-skip-permissions",)),
        (("claude", "--permission-mode", "bypassPermissions"), ("--permission-mode bypassPermissions",)),
        (("claude", "--permission-mode=bypassPermissions"), ("--permission-mode bypassPermissions",)),
        (("claude", "--permission-mode", "plan"), ()),
        (("claude", "say --dangerously-skip-permissions"), ()),
        (("claude", "--allow-dangerously-skip-permissions"), ()),  # offers the mode, does not switch it on
    ],
)
def test_arguments_that_switch_asking_off(arguments: tuple[str, ...], flags: tuple[str, ...]) -> None:
    found = agent_process("claude", "/usr/bin/claude", arguments)
    assert found is not None
    assert found.autonomy == flags


@pytest.mark.parametrize(
    ("name", "arguments", "flags"),
    [
        ("cursor-agent", ("cursor-agent", "--force"), ("--force",)),
        ("cursor", ("cursor", "--install-extension", "a.b", "--force"), ()),
        ("codex", ("codex", "--full-auto"), ()),
        ("codex", ("codex", "-a", "never"), ("-a never",)),
        ("codex", ("codex", "-a", "on-request"), ()),
        ("copilot", ("copilot", "--autopilot", "--allow-all-paths"), ()),
        ("copilot", ("copilot", "--allow-all-tools"), ("--allow-all-tools",)),
    ],
)
def test_arguments_that_still_leave_some_asking(name: str, arguments: tuple[str, ...], flags: tuple[str, ...]) -> None:
    found = agent_process(name, f"/usr/lib/node_modules/@github/copilot/{name}", arguments)
    assert found is not None
    assert found.autonomy == flags
