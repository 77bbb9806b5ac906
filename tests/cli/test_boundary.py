import io
from collections.abc import Iterator

import click
import pytest

from weighbridge.cli.boundary import run
from weighbridge.cli.group import group
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


def attempt(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(arguments, Screen(out, err, {}))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    errors: list[BaseException] = []

    @click.command()
    def command() -> None:
        raise errors[0]

    monkeypatch.setattr(type(group), "get_command", lambda *_: command)
    return errors


def test_our_own_error_keeps_its_code(failing: list[BaseException]) -> None:
    failing.append(WeighbridgeError("E-port-taken", "no port", "another", exit_code=2))
    assert attempt("fail") == (2, "", "error[E-port-taken]: no port\n\nhint: another\n")


def test_a_bug_is_one_sentence_and_a_traceback_only_on_request(failing: list[BaseException]) -> None:
    failing.append(RuntimeError("boom"))
    code, out, err = attempt("fail")
    assert (code, out) == (1, "")
    assert err.startswith("error[E-internal]: Weighbridge failed: RuntimeError: boom\n\nhint: ")
    assert "Traceback" not in err
    assert "Traceback" in attempt("--debug", "fail")[2]


def test_an_interrupt_is_130(failing: list[BaseException]) -> None:
    failing.append(KeyboardInterrupt())
    assert attempt("fail")[0] == 130


def test_a_misspelt_command_names_the_nearest() -> None:
    code, _, err = attempt("scna")
    assert code == 2
    assert err == "error[E-usage]: no such command 'scna'\n\nhint: did you mean `wb scan`?\n"


def test_a_wrong_option_points_to_the_commands_help() -> None:
    code, _, err = attempt("scan", "--frmat", "json")
    assert code == 2
    assert "hint: `wb scan --help` lists what it takes" in err


def test_help_that_nobody_reads_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("sys.stdout", Gone())
    assert attempt("--help")[0] == 0
