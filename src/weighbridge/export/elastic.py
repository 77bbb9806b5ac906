"""Detection rules of Elastic Security, as the file that Kibana imports.

Source: Elastic Security documentation, "Create a detection rule" and the detections API (fields of query rules,
severity and risk score), Kibana Query Language (quoting). Rules read Elastic's own endpoint data and the events of
`wb export ecs`.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from weighbridge.export.export import Export
from weighbridge.export.intent import Answer, Intent
from weighbridge.export.literals import kql
from weighbridge.export.matching import Platform, file_names
from weighbridge.export.product import Product
from weighbridge.export.wording import described

_SPACE = uuid5(NAMESPACE_URL, "https://weighbridge.example/elastic")
_ENDPOINT = ["logs-endpoint.events.*", "winlogbeat-*", "auditbeat-*"]
_OWN = ["logs-weighbridge*", "filebeat-*"]
_SCORES = {"low": 21, "medium": 47, "high": 73, "critical": 99}
_PLATFORMS: tuple[Platform, ...] = ("linux", "windows")
"""macOS and Linux spell names the same way."""
_MOST_DIGESTS = 500


def write(intent: Intent) -> dict[str, str]:
    """Return one file, a rule a line."""
    rules = (json.dumps(rule, ensure_ascii=True, separators=(",", ":")) for rule in _rules(intent))
    return {"weighbridge.ndjson": "".join(f"{rule}\n" for rule in rules)}


def _rules(intent: Intent) -> Iterator[dict[str, Any]]:
    digests = [one.sha256 for one in intent.blocked]
    for start in range(0, len(digests), _MOST_DIGESTS):
        listed = " or ".join(map(kql, digests[start : start + _MOST_DIGESTS]))
        number = start // _MOST_DIGESTS + 1
        yield _rule(
            intent,
            f"blocked-weights-{number}",
            f"Weights that the AI policy denies ({number})",
            "By digest, in files that Elastic hashes and in the events of Weighbridge.",
            f"file.hash.sha256 : ({listed})",
            [*_ENDPOINT, *_OWN],
            "high",
        )
    yield _rule(
        intent,
        "denied",
        "Weighbridge: denied by the AI policy",
        "What a policy denied, by content.",
        "event.module : weighbridge and weighbridge.decision : deny",
        _OWN,
        "high",
    )
    if denied := _names(intent.denied):
        yield _rule(
            intent,
            "denied-product",
            "AI product that the policy denies was started",
            "By program name, which a user can change; `wb ps` identifies by content.",
            f"event.category : process and event.type : start and process.name : ({denied})",
            _ENDPOINT,
            "high",
        )
    if intent.open_listener.wanted and (servers := _names(intent.runtimes)):
        yield _rule(
            intent,
            "open-listener",
            "Model server opened to other machines",
            "A server on every address can be used by anybody who reaches the port.",
            f"event.category : process and event.type : start and process.name : ({servers}) "
            'and process.args : ("0.0.0.0" or "::" or "--host=0.0.0.0" or "--host=::" or "--listen")',
            _ENDPOINT,
            "medium",
            intent.open_listener,
        )
    if pairs := list(_unsupervised(intent.agents)):
        yield _rule(
            intent,
            "agent-without-confirmation",
            "Agent was told to act without asking",
            "Arguments that switch off confirmations of local agents. Scripts of interpreters are not told by name.",
            f"event.category : process and event.type : start and ({' or '.join(pairs)})",
            _ENDPOINT,
            "medium",
            intent.unsupervised_agent,
        )


def _unsupervised(agents: Iterable[Product]) -> Iterator[str]:
    for agent in agents:
        # A short option means something else elsewhere; one with a value is two arguments.
        risky = [argument for argument in agent.risky_arguments if len(argument) > 3 and " " not in argument]
        if risky and (names := _names([agent])):
            yield f"(process.name : ({names}) and process.args : ({' or '.join(map(kql, risky))}))"


def _names(products: Iterable[Product]) -> str:
    chosen = tuple(products)
    return " or ".join(map(kql, sorted({name for one in _PLATFORMS for name in file_names(chosen, one)})))


def _rule(
    intent: Intent,
    topic: str,
    name: str,
    why: str,
    query: str,
    index: list[str],
    severity: str,
    answer: Answer | None = None,
) -> dict[str, Any]:
    rule = answer.rule if answer is not None else None
    level = rule.severity if rule is not None and rule.severity in _SCORES else severity
    return {
        "rule_id": str(uuid5(_SPACE, f"{intent.policy}/{topic}")),
        "name": name,
        "description": described(intent, why, rule),
        "type": "query",
        "language": "kuery",
        "query": query,
        "index": index,
        "severity": level,
        "risk_score": _SCORES[level],
        "interval": "5m",
        "from": "now-9m",
        "enabled": False,
        "tags": ["Weighbridge", "AI"],
        "author": ["Weighbridge"],
        "version": 1,
    }


EXPORT = Export(
    id="elastic",
    title="Elastic Security detection rules",
    write=write,
    validated_by="a schema of the rule fields and a reader of KQL",
    next_step="Import the file in Kibana under Security, Rules, and enable what you want.",
)
