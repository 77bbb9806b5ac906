import pytest

from weighbridge.discover.hooks import hooks_in, writable_by_all
from weighbridge.host.fake import FakeMachine
from weighbridge.model.agent import Hook, Scope


def found(value: object, *places: str, machine: FakeMachine | None = None) -> list[Hook]:
    machine = machine or FakeMachine()
    common = {"agent": "a", "scope": Scope.USER, "path": b"/x", "folder": b"/home/ada/src"}
    return list(hooks_in(machine, value, places or ("hooks",), **common))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (
            {"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "x --y"}]}]}},
            [("PreToolUse", "Bash", "x --y")],
        ),
        ({"hooks": {"beforeShellExecution": [{"command": "./a.sh"}]}}, [("beforeShellExecution", "", "./a.sh")]),
        ({"hooks": {"Stop": [{"bash": "a", "powershell": "b"}]}}, [("Stop", "", "a"), ("Stop", "", "b")]),
        ({"hooks": {"x": {"command": "a", "args": ["b", "c"]}}}, [("x", "", "a b c")]),
        ({"hooks": {}}, []),
        ({"hooks": None}, []),
        ({"hooks": {"PreToolUse": "odd"}}, []),
        ({"hooks": [[[[[[[[[[{"command": "deep"}]]]]]]]]]]}, []),
    ],
)
def test_shapes(value: object, shown: list[tuple[str, str, str]]) -> None:
    assert [(hook.event, hook.matcher, hook.command) for hook in found(value)] == shown


def test_a_text_or_a_list_is_a_command_itself() -> None:
    value = {"notify": ["python3", "/x/notify.py"], "apiKeyHelper": "~/bin/key.sh", "statusLine": {"command": "s"}}
    hooks = found(value, "notify", "apiKeyHelper", "statusLine")
    assert [(hook.event, hook.program) for hook in hooks] == [
        ("notify", b"/x/notify.py"),
        ("apiKeyHelper", b"/home/ada/bin/key.sh"),
        ("statusLine", None),
    ]


@pytest.mark.parametrize(
    ("command", "program"),
    [
        ("$CLAUDE_PROJECT_DIR/.claude/x.sh", b"/home/ada/src/.claude/x.sh"),
        ('"$HOME/a b.sh"', b"/home/ada/a b.sh"),
        ("./x.sh", b"/home/ada/src/x.sh"),
        ("hooks/x.sh a", b"/home/ada/src/hooks/x.sh"),
        ("$ELSEWHERE/x.sh", None),
        ("jq .", None),
    ],
)
def test_programs(command: str, program: bytes | None) -> None:
    assert found({"hooks": {"x": {"command": command}}})[0].program == program


def test_secrets_in_commands_are_masked() -> None:
    (hook,) = found({"hooks": {"x": {"command": "curl -H 'Authorization: Bearer abcdef123456' https://x"}}})
    assert "abcdef123456" not in repr(hook)


def test_places_that_everybody_may_write_to() -> None:
    machine = FakeMachine()
    machine.add_file(b"/tmp/x/hook.sh")
    machine.add_file(b"/home/ada/bin/hook.sh")
    machine.set_mode(b"/tmp", 0o1777)
    assert writable_by_all(machine, b"/tmp/x/hook.sh") == b"/tmp"
    assert writable_by_all(machine, b"/tmp/not/there.sh") == b"/tmp"
    assert writable_by_all(machine, b"/home/ada/bin/hook.sh") is None
    machine.set_mode(b"/home/ada/bin/hook.sh", 0o777)
    assert writable_by_all(machine, b"/home/ada/bin/hook.sh") == b"/home/ada/bin/hook.sh"
    assert writable_by_all(FakeMachine("windows"), b"C:\\x") is None


def test_no_program_is_read() -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/ada/bin/hook.sh", b"secret")
    machine.reads.clear()
    found({"hooks": {"x": {"command": "~/bin/hook.sh"}}}, machine=machine)
    assert {read.operation for read in machine.reads} == {"stat"}
