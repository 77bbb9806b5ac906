import sqlite3
from dataclasses import replace

import pytest
import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.validation import SigmaValidator
from sigma.validators.core import validators
from tests.export.intents import everything, hostile, ordinary, strict
from tests.export.processes import ARGUMENTS, PROCESSES
from tests.policy_texts import shipped

from weighbridge.export.intent import Intent, intent_of
from weighbridge.export.sigma import write
from weighbridge.pipeline.export_products import products


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_the_reference_parser_and_its_validators_accept_every_rule(intent: Intent) -> None:
    rules = [SigmaCollection.from_yaml(text) for text in write(intent).values()]
    assert rules
    assert [error for one in rules for error in one.errors] == []
    offline = [one for name, one in validators.items() if name not in ("attacktag", "d3_fendtag")]
    issues = SigmaValidator(offline).validate_rules(rule for one in rules for rule in one.rules)
    assert [issue for issue in issues if issue.severity.name != "LOW"] == []


def test_ids_are_unique_and_stay() -> None:
    ids = [yaml.safe_load(text)["id"] for text in write(strict()).values()]
    assert len(set(ids)) == len(ids)
    assert ids == [yaml.safe_load(text)["id"] for text in write(strict()).values()]


def test_what_the_policy_asks_for_is_in() -> None:
    files = write(strict())
    assert set(files) >= {f"{one}/weighbridge_denied_product.yml" for one in ("linux", "macos", "windows")}
    assert "SHA256=" + "AB" * 32 in files["windows/weighbridge_blocked_weights_1.yml"]
    assert "(rule no-open)" in files["linux/weighbridge_open_listener.yml"]
    denied = yaml.safe_load(files["windows/weighbridge_denied_product.yml"])["detection"]["by_name"]
    assert denied == {"Image|endswith": ["\\ollama app.exe", "\\ollama.exe"]}


def test_what_it_does_not_ask_for_is_not() -> None:
    observe = write(ordinary()[0])
    assert not [name for name in observe if "denied" in name or "blocked" in name]


def test_more_digests_than_one_query_holds_are_split() -> None:
    intent = strict()
    many = replace(intent, blocked=tuple(replace(intent.blocked[0], sha256=f"{index:064x}") for index in range(501)))
    assert "windows/weighbridge_blocked_weights_2.yml" in write(many)


def found(files: dict[str, str], name: str, **event: str) -> bool:
    """Return whether a rule, converted to SQL by Sigma's own tools, finds an event."""
    (query,) = sqliteBackend().convert(SigmaCollection.from_yaml(files[name]))
    made = sqlite3.connect(":memory:")
    columns = ("Image", "CommandLine", "TargetFilename", "Hash")
    made.execute(f"CREATE TABLE logs ({', '.join(columns)})")
    made.execute("INSERT INTO logs VALUES (?, ?, ?, ?)", [event.get(column) for column in columns])
    return bool(made.execute(query).fetchall())


@pytest.mark.parametrize(("name", "path", "line", "agent"), PROCESSES)
def test_agents_are_told_and_their_likes_are_not(name: str, path: str, line: str, agent: bool) -> None:
    known = intent_of(shipped("regulated"), products())
    files = write(replace(known, denied_products=frozenset(one.id for one in known.agents)))
    assert found(files, "linux/weighbridge_denied_product.yml", Image=path, CommandLine=line) is agent, name


@pytest.mark.parametrize(("line", "told"), ARGUMENTS)
def test_arguments_are_whole_words(line: str, told: bool) -> None:
    files = write(intent_of(shipped("observe"), products()))
    rule = "linux/weighbridge_agent_without_confirmation.yml"
    assert found(files, rule, Image="/usr/bin/claude", CommandLine=line) is told


@pytest.mark.parametrize(
    ("image", "line", "told"),
    [
        ("C:\\Users\\a\\.lmstudio\\bin\\x.exe", "x --host 0.0.0.0", True),
        ("C:\\Python\\python.exe", '"C:\\Python\\python.exe" "D:\\ComfyUI\\main.py" --listen', True),
        ("C:\\Windows\\notepad.exe", 'notepad.exe "D:\\ComfyUI\\main.py" --listen', False),
        ("C:\\x\\ollama.exe", "ollama serve", False),
    ],
)
def test_paths_of_windows_keep_their_backslashes(image: str, line: str, told: bool) -> None:
    files = write(intent_of(shipped("observe"), products()))
    assert found(files, "windows/weighbridge_open_listener.yml", Image=image, CommandLine=line) is told


def test_digests_are_found_in_what_sysmon_writes() -> None:
    hashes = f"SHA1=0,MD5=0,SHA256={'AB' * 32},IMPHASH=0"
    name = "windows/weighbridge_blocked_weights_1.yml"
    assert found(write(strict()), name, Hash=hashes)
    assert not found(write(strict()), name, Hash=hashes.replace("AB", "CD"))
