"""Wazuh rules, and the list of digests that they look up.

Source: Wazuh documentation, "Rules syntax", "FIM fields rule mapping" and "Using CDB lists"; ids of one's own are
100000 to 120000. The rules read the events of `wb export ecs`, file integrity monitoring, and the keys of `wb export
auditd`.
"""

import re
from collections.abc import Iterator
from html import escape

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.places import WEIGHT_ENDINGS
from weighbridge.export.wording import described, head, one_line, xml_comment

FIRST_ID = 117300
_LEVELS = {"critical": 14, "high": 12, "medium": 8, "low": 5, "info": 3}
_LIST = "etc/lists/weighbridge-blocked"
_WEIGHTS = rf"(?i)({'|'.join(map(re.escape, WEIGHT_ENDINGS))})$"
_PLAIN = re.compile(r"[A-Za-z0-9._-]{1,100}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_AUDIT = "80700"
_FILE_CHANGED, _FILE_ADDED = "550", "554"


def write(intent: Intent) -> dict[str, str]:
    """Return the rules and, if digests are blocked, the list."""
    files = {"etc/rules/weighbridge_rules.xml": _document(intent)}
    if blocked := "".join(_blocked(intent)):
        files[_LIST] = blocked
    return files


def _blocked(intent: Intent) -> Iterator[str]:
    for one in intent.blocked:
        if _DIGEST.fullmatch(one.sha256):
            yield f"{one.sha256}:{one.rule if _PLAIN.fullmatch(one.rule) else 'denied'}\n"


def _document(intent: Intent) -> str:
    rules = "\n".join(_rules(intent))
    return (
        f'<!-- {xml_comment(" ".join(head(intent, EXPORT)))} -->\n<group name="weighbridge,ai,">\n{rules}\n</group>\n'
    )


def _rules(intent: Intent) -> Iterator[str]:
    number = iter(range(FIRST_ID, FIRST_ID + 100))
    events = next(number)
    yield _rule(
        events, 0, "<decoded_as>json</decoded_as>", _field("event.module", "^weighbridge$"), "Weighbridge event."
    )
    for decision, level in (("deny", 12), ("pending", 8), ("warn", 7)):
        yield _rule(
            next(number),
            level,
            f"<if_sid>{events}</if_sid>",
            _field("weighbridge.decision", f"^{decision}$"),
            f"Weighbridge: {decision}: $(message)",
        )
    for severity in ("critical", "high", "medium"):
        yield _rule(
            next(number),
            _LEVELS[severity],
            f"<if_sid>{events}</if_sid>",
            _field("event.kind", "^alert$") + _field("weighbridge.severity", f"^{severity}$"),
            "Weighbridge: $(message)",
        )
    added = f"<if_sid>{_FILE_CHANGED},{_FILE_ADDED}</if_sid>"
    if intent.blocked:
        lookup = f'<list field="sha256" lookup="match_key">{_LIST}</list>'
        why = described(intent, "Weights that the AI policy denies, by digest.")
        yield _rule(next(number), 12, added, lookup, why)
    yield _rule(next(number), 3, added, _field("file", _WEIGHTS), described(intent, "Model weights, by ending only."))
    for key, level, why in (
        ("weighbridge_denied", 12, "A product that the AI policy denies was started, by path."),
        ("weighbridge_settings", 7, "Settings of a runtime or agent were changed."),
        ("weighbridge_models", 3, "Models in a folder of the system were changed."),
    ):
        yield _rule(
            next(number), level, f"<if_sid>{_AUDIT}</if_sid>", _field("audit.key", f"^{key}$"), described(intent, why)
        )


def _rule(number: int, level: int, after: str, condition: str, description: str) -> str:
    return (
        f'  <rule id="{number}" level="{level}">\n    {after}\n    {condition}\n'
        f"    <description>{escape(one_line(description), quote=False)}</description>\n  </rule>"
    )


def _field(name: str, expression: str) -> str:
    return f'<field name="{escape(name)}" type="pcre2">{escape(expression, quote=False)}</field>'


def _partly(intent: Intent) -> Iterator[str]:
    if intent.blocked:
        yield "digests of files that file integrity monitoring does not hash"


EXPORT = Export(
    id="wazuh",
    title="Wazuh rules and list of digests",
    write=write,
    carries=frozenset(("digests", "products", "listeners", "code", "agents", "secrets")),
    told_by="digest, events of `ecs`, audit keys of `auditd`",
    partly=_partly,
    validated_by="an XML parser, Wazuh's range of ids and its elements",
    next_step="Copy both to the manager, name the list in <ruleset>, and let it read the events of `wb export ecs`.",
)
