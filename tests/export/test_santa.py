import plistlib
import re
from dataclasses import replace
from typing import Any

import pytest
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.intent import Intent
from weighbridge.export.santa import write

RULE_TYPES = {"CDHASH", "BINARY", "SIGNINGID", "CERTIFICATE", "TEAMID", "CEL"}
POLICIES = {"ALLOWLIST", "ALLOWLIST_COMPILER", "BLOCKLIST", "SILENT_BLOCKLIST", "REMOVE", "CEL"}
PROCESS_KEYS = {"BinaryPath", "SigningID", "TeamID", "CDHash", "CertificateSha256", "PlatformBinary"}
OPTIONS = {
    *("RuleType", "AllowReadAccess", "AuditOnly", "BlockMessage", "EnableSilentMode", "EnableSilentTTYMode"),
    *("EventDetailURL", "EventDetailText"),
}


def payload(intent: Intent) -> dict[str, Any]:
    """Return Santa's settings in a profile, checked on the way."""
    (text,) = write(intent).values()
    profile = plistlib.loads(text.encode())
    (found,) = profile["PayloadContent"]
    for part in (profile, found):
        assert {"PayloadType", "PayloadVersion", "PayloadIdentifier", "PayloadUUID"} <= set(part)
        assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", part["PayloadUUID"])
    assert profile["PayloadUUID"] != found["PayloadUUID"]
    assert found["PayloadType"] == "com.northpolesec.santa"
    return dict(found)


@pytest.mark.parametrize("intent", [strict(), hostile(), everything(), *ordinary()])
def test_the_profile_is_as_santa_reads_it(intent: Intent) -> None:
    found = payload(intent)
    for rule in found.get("StaticRules", ()):
        assert set(rule) == {"identifier", "rule_type", "policy", "custom_msg"}
        assert rule["rule_type"] in RULE_TYPES
        assert rule["policy"] in POLICIES
        shape = r"[0-9a-f]{64}" if rule["rule_type"] == "BINARY" else r"(platform|[A-Z0-9]{10}):[A-Za-z0-9.-]+"
        assert re.fullmatch(shape, rule["identifier"])
    access = found["FileAccessPolicy"]
    assert access["Version"]
    for name, item in access["WatchItems"].items():
        assert re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", name)
        assert set(item["Options"]) <= OPTIONS
        assert item["Options"]["RuleType"] == "PathsWithDeniedProcesses"
        paths = [path["Path"] for path in item["Paths"]]
        assert len(set(paths)) == len(paths), "of two rules about one path only one holds"
        for path in paths:
            assert path.startswith("/Users/*/")
            assert "**" not in path
            assert not {"", ".", ".."} & set(path[1:].split("/"))
        for process in item["Processes"]:
            assert set(process) <= PROCESS_KEYS
            assert "*" not in process.get("BinaryPath", ""), "binary paths take no pattern"
            assert process.get("BinaryPath", "/").startswith("/")


def test_enforcing_blocks_by_digest_and_signature_and_shields_credentials() -> None:
    intent = everything()
    program = replace(intent, blocked=tuple(replace(one, format="llamafile") for one in intent.blocked))
    found = payload(program)
    assert {(rule["rule_type"], rule["identifier"]) for rule in found["StaticRules"]} == {
        ("BINARY", "ab" * 32),
        ("SIGNINGID", "3MU9H2V9Y9:ai.ollama.ollama"),
    }
    item = found["FileAccessPolicy"]["WatchItems"]["weighbridge.credentials"]
    assert item["Options"]["AuditOnly"] is False
    assert item["Processes"] == [{"TeamID": "Q6L2SF6YDW", "SigningID": "com.anthropic.claude-code"}]
    assert "/Users/*/.ssh" in [path["Path"] for path in item["Paths"]]


def test_weights_that_are_no_program_have_no_rule() -> None:
    assert {rule["rule_type"] for rule in payload(strict())["StaticRules"]} == {"SIGNINGID"}


def test_observing_blocks_nothing() -> None:
    found = payload(replace(everything(), enforced=False))
    assert "StaticRules" not in found
    assert all(item["Options"]["AuditOnly"] for item in found["FileAccessPolicy"]["WatchItems"].values())


def test_what_the_policy_allows_agents_is_only_reported() -> None:
    found = payload(strict())
    assert all(item["Options"]["AuditOnly"] for item in found["FileAccessPolicy"]["WatchItems"].values())
