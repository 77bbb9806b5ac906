import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from tests.export.falco_reader import Condition, check
from tests.export.intents import everything, hostile, ordinary, strict
from tests.export.processes import ARGUMENTS, PROCESSES

from weighbridge.export.falco import write
from weighbridge.export.intent import Intent, intent_of
from weighbridge.pipeline.export_products import products


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_a_strict_reader_takes_every_rule(intent: Intent) -> None:
    (text,) = write(intent).values()
    check(yaml.safe_load(text))


def test_the_whole_catalog_reads_too() -> None:
    from tests.policy_texts import shipped

    (text,) = write(intent_of(shipped("regulated"), products())).values()
    check(yaml.safe_load(text))


@pytest.mark.parametrize("condition", ['proc.name in ("a"', "proc.nmae = x", 'x"y', "evt.type = a b", "unknown_macro"])
def test_the_reader_refuses_what_falco_would(condition: str) -> None:
    with pytest.raises((AssertionError, IndexError, KeyError)):
        Condition(condition, {}).read()


def test_what_the_policy_asks_for_is_in() -> None:
    (text,) = write(everything()).values()
    items = yaml.safe_load(text)
    rules = {item["rule"]: item for item in items if "rule" in item}
    assert "(rule no-secrets)" in rules["Weighbridge: Agent read a credential"]["desc"]
    assert '"/.ssh/"' in rules["Weighbridge: Agent read a credential"]["condition"]
    assert rules["Weighbridge: Model server opened to other machines"]["priority"] == "ERROR"
    macros = {item["macro"]: item["condition"] for item in items if "macro" in item}
    assert macros["weighbridge_denied"] == 'proc.name in ("ollama")'


def holds(macro: str, name: str, path: str, line: str) -> bool:
    """Return what a macro over the whole catalog says of a process."""
    from tests.policy_texts import shipped

    (text,) = write(intent_of(shipped("regulated"), products())).values()
    items = yaml.safe_load(text)
    macros = {item["macro"]: item["condition"] for item in items if "macro" in item}
    conditions = macros | {item["rule"]: item["condition"] for item in items if "rule" in item}
    event = {"proc.name": name, "proc.exepath": path, "proc.cmdline": line, "evt.type": "execve"}
    return Condition(conditions[macro], macros, event).read()


@pytest.mark.parametrize(("name", "path", "line", "agent"), PROCESSES)
def test_agents_are_told_and_their_likes_are_not(name: str, path: str, line: str, agent: bool) -> None:
    # What Falco calls a command line begins with the name of the process.
    assert holds("weighbridge_agent", name, path, line) is agent


@pytest.mark.parametrize(("line", "told"), ARGUMENTS)
def test_arguments_are_whole_words(line: str, told: bool) -> None:
    assert holds("Weighbridge: Agent was told to act without asking", "claude", "/usr/bin/claude", line) is told


@pytest.mark.skipif(shutil.which("falco") is None, reason="falco is not installed here")
def test_falco_itself_takes_it(tmp_path: Path) -> None:
    for name, text in write(everything()).items():
        (tmp_path / name).write_text(text)
        done = subprocess.run(
            ["falco", "--validate", str(tmp_path / name)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
