import pytest
import yaml
from sigma.collection import SigmaCollection
from sigma.validation import SigmaValidator
from sigma.validators.core import validators
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.intent import Intent
from weighbridge.export.sigma import write


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
    from dataclasses import replace

    intent = strict()
    many = replace(intent, blocked=tuple(replace(intent.blocked[0], sha256=f"{index:064x}") for index in range(501)))
    assert "windows/weighbridge_blocked_weights_2.yml" in write(many)
