"""Detection rules of Elastic Security, as the file that Kibana imports.

Source: Elastic Security documentation, "Create a detection rule" and the detections API (fields of query rules,
severity and risk score), Kibana Query Language (quoting). Rules read Elastic's own endpoint data and the events of
`wb export ecs`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from weighbridge.export.export import Export
from weighbridge.export.intent import Answer, Intent
from weighbridge.export.left_out import untold
from weighbridge.export.literals import kql
from weighbridge.export.matching import Platform, file_names, path_patterns, telling_arguments
from weighbridge.export.product import Product
from weighbridge.export.wording import described, head

_SPACE = uuid5(NAMESPACE_URL, "https://weighbridge.example/elastic")
_ENDPOINT = ["logs-endpoint.events.*", "winlogbeat-*", "auditbeat-*"]
_OWN = ["logs-weighbridge*", "filebeat-*"]
_SCORES = {"low": 21, "medium": 47, "high": 73, "critical": 99}
_PLATFORMS: tuple[Platform, ...] = ("linux", "darwin", "windows")
_PLAIN = re.compile(r"[A-Za-z0-9._@/\\*-]{1,200}")
"""Patterns that KQL reads as one unquoted value with wildcards: no spaces, quotes, colons or parentheses."""
_SLASH = "\\"
_MOST_DIGESTS = 500


def write(intent: Intent) -> dict[str, str]:
    """Return one file, a rule a line."""
    note = "\n".join(head(intent, EXPORT))
    rules = (json.dumps(rule | {"note": note}, ensure_ascii=True, separators=(",", ":")) for rule in _rules(intent))
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
    if denied := _told(intent.denied):
        yield _rule(
            intent,
            "denied-product",
            "AI product that the policy denies was started",
            "By path or program name, which a user can change; `wb ps` identifies by content.",
            f"event.category : process and event.type : start and {denied}",
            _ENDPOINT,
            "high",
        )
    if intent.open_listener.wanted and (servers := _told(intent.runtimes)):
        yield _rule(
            intent,
            "open-listener",
            "Model server opened to other machines",
            "A server on every address can be used by anybody who reaches the port.",
            f"event.category : process and event.type : start and {servers} "
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
            "Arguments that switch off confirmations of local agents; scripts of interpreters are not told.",
            f"event.category : process and event.type : start and ({' or '.join(pairs)})",
            _ENDPOINT,
            "medium",
            intent.unsupervised_agent,
        )


def _unsupervised(agents: Iterable[Product]) -> Iterator[str]:
    for agent in agents:
        risky = [_arguments(argument) for argument in telling_arguments(agent)]
        if risky and (told := _told([agent])):
            yield f"({told} and ({' or '.join(risky)}))"


def _arguments(argument: str) -> str:
    """Return the condition that an option stands on a command line; one with a value is two arguments of it."""
    words = " and ".join(f"process.args : {kql(word)}" for word in argument.split(" "))
    return f"({words})" if " " in argument else words


def _told(products: Iterable[Product]) -> str:
    """Return the condition that tells products, by path and name; empty if neither can."""
    chosen = tuple(products)
    names = sorted({name for one in _PLATFORMS for name in file_names(chosen, one)})
    paths = sorted({path for one in _PLATFORMS for path in path_patterns(chosen, one) if _PLAIN.fullmatch(path)})
    said = (
        [f"process.executable : ({' or '.join(path.replace(_SLASH, 2 * _SLASH) for path in paths)})"] if paths else []
    )
    if names:
        said.append(f"process.name : ({' or '.join(map(kql, names))})")
    return f"({' or '.join(said)})" if said else ""


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


def _partly(intent: Intent) -> Iterator[str]:
    yield from untold("denied products that only a script tells", intent.denied, lambda one: bool(_told([one])))


EXPORT = Export(
    id="elastic",
    title="Elastic Security detection rules",
    write=write,
    carries=frozenset(("digests", "products", "listeners", "agents")),
    told_by="digest, path, name",
    partly=_partly,
    validated_by="a schema of the rule fields and a reader of KQL",
    next_step="Import the file in Kibana under Security, Rules, and enable what you want.",
)
