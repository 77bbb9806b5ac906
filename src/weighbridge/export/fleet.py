"""Files for Fleet's GitOps: policies, reports and labels.

Source: Fleet documentation, "YAML files" (`policies`, `reports`, `labels`). `labels_include_any` stands in every policy
itself: beside a `path` Fleet passes over it without a word (Fleet issue 38113). Labels are a file of their own, because
a `labels` key in the main file replaces all labels there are.
"""

from collections.abc import Iterable
from typing import Any

import yaml

from weighbridge.export.export import Export
from weighbridge.export.intent import Intent
from weighbridge.export.matching import Platform
from weighbridge.export.osquery_queries import Query, partly, queries
from weighbridge.export.wording import comment, described, one_line

_LABEL = "AI on the device"
_HEAD = """\
# In default.yml, or in the file of a team:
#   policies:
#     - path: lib/weighbridge.policies.yml
#   reports:     (`queries` before Fleet 4.80)
#     - path: lib/weighbridge.reports.yml
#   labels:      (they must all stand there: labels that do not are deleted)
#     - path: lib/weighbridge.labels.yml
"""


def write(intent: Intent) -> dict[str, str]:
    """Return three files; policies only for what the policy speaks against."""
    asked = list(queries(intent))
    files = {"lib/weighbridge.reports.yml": _reports(intent, asked), "lib/weighbridge.labels.yml": _labels(asked)}
    policies = [_policy(intent, query) for query in asked if query.forbidden]
    if policies:
        files["lib/weighbridge.policies.yml"] = policies
    return {name: comment(intent, EXPORT) + _HEAD + _yaml(content) for name, content in sorted(files.items())}


def _policy(intent: Intent, query: Query) -> dict[str, Any]:
    """Return a policy: it passes where the query finds nothing."""
    rule = query.answer.rule if query.answer is not None else None
    made: dict[str, Any] = {
        "name": f"{query.title} ({_platform(query)})",
        "query": f"SELECT 1 WHERE NOT EXISTS ({query.sql});",
        "critical": False,
        "description": described(intent, query.why, rule),
        "resolution": one_line(rule.remedy) if rule is not None else "Remove it, or ask for it to be accepted.",
        "platform": _platform(query),
    }
    if query.id.startswith("denied_product"):
        made["labels_include_any"] = [_LABEL]
    return made


def _reports(intent: Intent, asked: Iterable[Query]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"{query.title} ({_platform(query)})",
            "query": query.sql + ";",
            "description": described(intent, query.why),
            "interval": query.interval,
            "platform": _platform(query),
            "logging": "snapshot",
            "observer_can_run": True,
            "automations_enabled": False,
        }
        for query in asked
    ]


def _labels(asked: Iterable[Query]) -> list[dict[str, Any]]:
    """Return one label; its members change with what runs."""
    tests = [f"EXISTS ({query.sql})" for query in asked if query.id.startswith(("denied_product", "weights_in"))]
    return [
        {
            "name": _LABEL,
            "description": "Hosts on which model weights are in use, or a product that the policy denies.",
            "query": "SELECT 1 WHERE " + " OR ".join(tests) + ";",
            "label_membership_type": "dynamic",
        }
    ]


def _platform(query: Query) -> str:
    platforms: Iterable[Platform] = query.platforms
    return ",".join(platforms)


def _yaml(content: object) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)


EXPORT = Export(
    id="fleet",
    title="Fleet GitOps: policies, reports and labels",
    write=write,
    carries=frozenset(("digests", "products", "listeners", "agents")),
    told_by="digest, mapped weights, path, name",
    partly=partly,
    validated_by="a schema of Fleet's keys, and SQLite over virtual tables with osquery's columns and demands",
    next_step="Commit the files to your GitOps repository and run: fleetctl gitops --dry-run",
)
