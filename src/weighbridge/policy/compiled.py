"""Our own packs, read and checked in advance.

A scan weighs by a pack that does not change. Reading YAML strictly and asking Cedar for the form of every rule takes
longer than weighing, so `tools/policy_packs.py` does it once and keeps the result beside each pack. Folders are never
compiled: they are read anew and checked every time.
"""

import datetime
import json
from dataclasses import asdict
from typing import Any

from weighbridge.model.network_state import CorporateNetwork
from weighbridge.model.verdict import Decision
from weighbridge.policy.policy import Policy, assembled
from weighbridge.policy.rules import Rule
from weighbridge.policy.settings import Acceptance, DataClass, Logging, Retention, Settings, Source, WaiverKey

_NESTED = {
    "sources": Source,
    "data_classes": DataClass,
    "accepted": Acceptance,
    "waiver_keys": WaiverKey,
    "corporate_networks": CorporateNetwork,
}


def compiled(policy: Policy) -> str:
    """Return settings and rules of `policy` as JSON text, a line each; `restored` takes it."""
    settings = json.dumps(asdict(policy.settings), ensure_ascii=False, default=datetime.date.isoformat)
    rules = ",\n".join(json.dumps(asdict(rule), ensure_ascii=False) for rule in policy.rules)
    return f'{{"settings": {settings}, "rules": [\n{rules}\n]}}\n'


def restored(text: bytes) -> Policy:
    """Return the policy that `compiled` was given, without its tests."""
    content = json.loads(text)
    return assembled(_settings(content["settings"]), tuple(_rule(values) for values in content["rules"]))


def _settings(values: dict[str, Any]) -> Settings:
    for acceptance in values["accepted"]:
        acceptance["until"] = acceptance["until"] and datetime.date.fromisoformat(acceptance["until"])
    for name, kind in _NESTED.items():
        values[name] = tuple(kind(**_tuples(item)) for item in values[name])
    values["retention"] = Retention(**values["retention"])
    values["logging"] = Logging(**_tuples(values["logging"]))
    return Settings(**_tuples(values))


def _rule(values: dict[str, Any]) -> Rule:
    parsed = values.pop("parsed")  # Cedar's JSON form stays as it is
    rule = _tuples(values) | {"decision": Decision(values["decision"]), "parsed": parsed}
    return Rule(**rule)


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` with lists, and lists in them, as the tuples that they were."""
    return {
        name: tuple(tuple(item) if isinstance(item, list) else item for item in value)
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }
