import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.app_control import write
from weighbridge.export.intent import Intent

SPACE = "{urn:schemas-microsoft-com:sipolicy}"
ORDER = [
    *("VersionEx", "PlatformID", "Rules", "EKUs", "FileRules", "Signers", "SigningScenarios", "UpdatePolicySigners"),
    *("CiSigners", "HvciOptions", "BasePolicyID", "PolicyID"),
]
"""As Microsoft's published block rules have it."""
GUID = r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}"


def policy(intent: Intent) -> ElementTree.Element:
    (text,) = write(intent).values()
    return ElementTree.fromstring(text)


@pytest.mark.parametrize("intent", [strict(), hostile(), everything()])
def test_the_policy_is_built_as_published_ones_are(intent: Intent) -> None:
    root = policy(intent)
    assert root.tag == f"{SPACE}SiPolicy"
    assert [part.tag.removeprefix(SPACE) for part in root] == ORDER
    rules = {one.get("ID", ""): one for one in root.iter() if one.tag in (f"{SPACE}Allow", f"{SPACE}Deny")}
    assert all(re.fullmatch(r"ID_(ALLOW|DENY)_[A-Z0-9_]+", name) for name in rules)
    for one in rules.values():
        named = {"FileName", "FilePath", "Hash"} & set(one.attrib)
        assert len(named) == 1
        assert (one.get("FriendlyName") or "").isprintable()
    scenarios = {one.get("Value"): one for one in root.iter(f"{SPACE}SigningScenario")}
    assert set(scenarios) == {"131", "12"}
    used = {one.get("RuleID") for one in scenarios["12"].iter(f"{SPACE}FileRuleRef")}
    assert used == set(rules), "a rule that no scenario names has no effect, and a name without a rule is refused"
    for name in ("PolicyID", "BasePolicyID"):
        assert re.fullmatch(GUID, root.findtext(f"{SPACE}{name}") or "")


def test_everything_that_is_not_denied_is_allowed() -> None:
    (allowed,) = policy(strict()).iter(f"{SPACE}Allow")
    assert allowed.get("FileName") == "*"


def test_paths_come_before_names() -> None:
    denies = list(policy(strict()).iter(f"{SPACE}Deny"))
    assert denies[0].get("FilePath") == "*\\Programs\\Ollama\\*"
    assert {one.get("FileName") for one in denies} == {None, "ollama.exe", "ollama app.exe"}


def test_observing_is_audit_mode() -> None:
    def options(intent: Intent) -> set[str | None]:
        return {one.text for one in policy(intent).iter(f"{SPACE}Option")}

    assert "Enabled:Audit Mode" not in options(strict())
    assert "Enabled:Audit Mode" in options(replace(strict(), enforced=False))


def test_digests_that_cannot_be_rules_are_named() -> None:
    intent = strict()
    (text,) = write(replace(intent, blocked=tuple(replace(one, format="llamafile") for one in intent.blocked))).values()
    assert "Authenticode hash is not known: " + "ab" * 32 in text


def test_without_a_denied_product_there_is_no_policy() -> None:
    assert write(ordinary()[0]) == {}
