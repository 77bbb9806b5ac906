"""A configuration profile for Santa on macOS: blocked programs, and credentials out of reach of agents.

Source: Santa documentation, "Configuration: Keys" (`StaticRules`) and "File-Access Authorization" (watch items,
options, process matching, rules for names and paths); Apple, "Configuration Profile Reference" (payload keys).
"""

import plistlib
import re
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.matching import file_names
from weighbridge.export.places import FILES, FOLDERS
from weighbridge.export.wording import described, one_line

_SPACE = uuid5(NAMESPACE_URL, "https://weighbridge.example/santa")
_DOMAIN = "com.northpolesec.santa"
_PROGRAM_FOLDERS = ("/opt/homebrew/bin", "/usr/local/bin")
_RUNS = frozenset({"llamafile"})
"""Formats whose file is itself the program that is started."""
_SIGNER = re.compile(r"([A-Z0-9]{10}):([A-Za-z0-9.-]{1,200})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLAIN = re.compile(r"[A-Za-z0-9._ -]{1,100}")
"""Names of programs; the path of a process takes no pattern."""
_LONGEST = 400


def write(intent: Intent) -> dict[str, str]:
    """Return one profile. While the policy observes, it has no rules against programs and reports file access only."""
    settings: dict[str, Any] = {"FileAccessPolicy": _file_access(intent)}
    if intent.enforced and (rules := list(_rules(intent))):
        settings["StaticRules"] = rules
    why = "Rules go by digest and signature; agents without a known signature are told by path, which can be changed."
    profile = {
        **_payload(intent, "profile", "Configuration"),
        "PayloadDescription": described(intent, why),
        "PayloadOrganization": one_line(intent.organization),
        "PayloadScope": "System",
        "PayloadContent": [{**_payload(intent, "santa", _DOMAIN), **settings}],
    }
    return {"weighbridge.santa.mobileconfig": plistlib.dumps(profile, sort_keys=True).decode()}


def _payload(intent: Intent, part: str, kind: str) -> dict[str, Any]:
    name = re.sub(r"[^A-Za-z0-9-]", "-", intent.policy)
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"com.example.weighbridge.{name}.{part}",
        "PayloadUUID": str(uuid5(_SPACE, f"{intent.policy}/{part}")).upper(),
        "PayloadDisplayName": "Weighbridge: AI on the device",
    }


def _rules(intent: Intent) -> Iterator[dict[str, str]]:
    for one in intent.blocked:
        if one.format in _RUNS and _DIGEST.fullmatch(one.sha256):
            yield _rule(one.sha256, "BINARY", f"{one_line(one.reason)} (rule {one_line(one.rule)})")
    for product in intent.denied:
        for signer in product.signers:
            if _SIGNER.fullmatch(signer):
                yield _rule(signer, "SIGNINGID", f"The policy denies {one_line(product.title)}.")


def _rule(identifier: str, kind: str, why: str) -> dict[str, str]:
    return {"identifier": identifier, "rule_type": kind, "policy": "BLOCKLIST", "custom_msg": why[:_LONGEST]}


def _file_access(intent: Intent) -> dict[str, Any]:
    """Return one watch item: known agents at places of credentials. What agents start is not covered by it."""
    answer = intent.secrets_for_agents
    paths = [{"Path": f"/Users/*/{folder}", "IsPrefix": True} for folder in FOLDERS]
    paths += [{"Path": f"/Users/*/{name}", "IsPrefix": False} for name in FILES]
    message = answer.rule.remedy if answer.rule is not None else "Agents do not need these files."
    item = {
        "Paths": paths,
        "Options": {
            "RuleType": "PathsWithDeniedProcesses",
            "AllowReadAccess": False,
            "AuditOnly": not intent.stops(answer),
            "BlockMessage": one_line(message)[:_LONGEST],
        },
        "Processes": list(_processes(intent)),
    }
    watched = {"weighbridge.credentials": item} if item["Processes"] else {}
    return {"Version": one_line(f"{intent.policy}-{intent.version}"), "WatchItems": watched}


def _processes(intent: Intent) -> Iterator[dict[str, str]]:
    for agent in intent.agents:
        signed = [found for signer in agent.signers if (found := _SIGNER.fullmatch(signer))]
        for found in signed:
            yield {"TeamID": found[1], "SigningID": found[2]}
        if not signed:
            for name in file_names([agent], "darwin"):
                if _PLAIN.fullmatch(name):
                    yield from ({"BinaryPath": f"{folder}/{name}"} for folder in _PROGRAM_FOLDERS)


EXPORT = Export(
    id="santa",
    title="Santa configuration profile",
    write=write,
    validated_by="plistlib and Santa's rules for names, paths and options",
    next_step="Deliver the profile by device management, as a custom profile.",
)
