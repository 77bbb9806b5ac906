"""A configuration profile for Santa on macOS: blocked programs, and credentials out of reach of agents.

Source: Santa documentation, "Configuration: Keys" (`StaticRules`) and "File-Access Authorization" (watch items,
options, process matching, rules for names and paths); Apple, "Configuration Profile Reference" (payload keys). Paths
of programs would have to be resolved and without patterns, which what a package manager links is not: programs are told
by digest and signature alone.
"""

import plistlib
import re
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from weighbridge.export.export import Export
from weighbridge.export.intent import Blocked, Intent
from weighbridge.export.left_out import counted, untold
from weighbridge.export.places import FILES, FOLDERS
from weighbridge.export.product import Product
from weighbridge.export.wording import described, head, one_line

_SPACE = uuid5(NAMESPACE_URL, "https://weighbridge.example/santa")
_DOMAIN = "com.northpolesec.santa"
_RUNS = frozenset({"llamafile"})
"""Formats whose file is itself the program that is started."""
_SIGNER = re.compile(r"([A-Z0-9]{10}):([A-Za-z0-9.-]{1,200})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_LONGEST = 400
_MOST_RULES = 2000
"""Santa's documentation: hosts with a few thousand static rules work; more belong to a sync server."""


def write(intent: Intent) -> dict[str, str]:
    """Return one profile. While the policy observes, it has no rules against programs and reports file access only."""
    settings: dict[str, Any] = {"FileAccessPolicy": _file_access(intent)}
    if intent.enforced and (rules := list(_rules(intent))):
        settings["StaticRules"] = rules
    why = "Rules go by digest and signature. " + " ".join(head(intent, EXPORT)[1:])
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
    for one in _programs(intent)[:_MOST_RULES]:
        yield _rule(one.sha256, "BINARY", f"{one_line(one.reason)} (rule {one_line(one.rule)})")
    for product in intent.denied:
        for signer in product.signers:
            if _SIGNER.fullmatch(signer):
                yield _rule(signer, "SIGNINGID", f"The policy denies {one_line(product.title)}.")


def _programs(intent: Intent) -> list[Blocked]:
    return [one for one in intent.blocked if one.format in _RUNS and _DIGEST.fullmatch(one.sha256)]


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
        for signer in agent.signers:
            if (found := _SIGNER.fullmatch(signer)) is not None:
                yield {"TeamID": found[1], "SigningID": found[2]}


def _signed(product: Product) -> bool:
    return any(map(_SIGNER.fullmatch, product.signers))


def _partly(intent: Intent) -> Iterator[str]:
    programs = len(_programs(intent))
    yield from counted(len(intent.blocked) - programs, len(intent.blocked), "digests: weights that are no program")
    yield from counted(max(0, programs - _MOST_RULES), programs, "digests of programs: more than static rules are for")
    yield from untold("denied products without a known signature", intent.denied, _signed)
    if intent.secrets_for_agents.wanted:
        yield from untold("agents without a known signature", intent.agents, _signed)


EXPORT = Export(
    id="santa",
    title="Santa configuration profile",
    write=write,
    carries=frozenset(("digests", "products", "secrets")),
    told_by="digest, signature",
    blocks=True,
    partly=_partly,
    validated_by="plistlib and Santa's rules for names, paths and options",
    next_step="Deliver the profile by device management, as a custom profile.",
)
