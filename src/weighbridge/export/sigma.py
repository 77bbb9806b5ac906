"""Sigma rules: detections that a SIEM converts into its own language.

Source: Sigma rules specification 2.1.0 (fields, log sources, modifiers, tags).
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from weighbridge.export.export import Export
from weighbridge.export.intent import Answer, Intent
from weighbridge.export.matching import (
    INTERPRETERS,
    Platform,
    file_names,
    path_patterns,
    script_patterns,
    telling_arguments,
)
from weighbridge.export.places import WEIGHT_ENDINGS
from weighbridge.export.product import Product
from weighbridge.export.wording import LEVELS, comment, described

_SPACE = uuid5(NAMESPACE_URL, "https://weighbridge.example/sigma")
_PLATFORMS: dict[str, tuple[str, Platform]] = {
    "linux": ("Linux", "linux"),
    "macos": ("macOS", "darwin"),
    "windows": ("Windows", "windows"),
}
_MOST_HASHES = 500
"""Digests in one rule; converters write them into one query."""


def write(intent: Intent) -> dict[str, str]:
    """Return one file per rule, by platform."""
    files = {}
    for platform, topic, rule in _rules(intent):
        text = yaml.safe_dump(rule, sort_keys=False, allow_unicode=True, width=120)
        files[f"{platform}/weighbridge_{topic}.yml"] = comment(intent, EXPORT) + text
    return files


def _rules(intent: Intent) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield from _blocked_weights(intent)
    for platform in _PLATFORMS:
        for topic, rule in (
            ("new_weights", _new_weights(intent, platform)),
            ("denied_product", _denied_product(intent, platform)),
            ("open_listener", _open_listener(intent, platform)),
            ("agent_without_confirmation", _agent_without_confirmation(intent, platform)),
        ):
            if rule is not None:
                yield platform, topic, rule


def _blocked_weights(intent: Intent) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for start in range(0, len(intent.blocked), _MOST_HASHES):
        topic = f"blocked_weights_{start // _MOST_HASHES + 1}"
        digests = [f"SHA256={one.sha256.upper()}" for one in intent.blocked[start : start + _MOST_HASHES]]
        rule = _rule(
            intent,
            topic,
            title="Weights That the AI Policy Denies Were Written",
            why="Digests that the policy denies; Sysmon hashes the streams that browsers attach to downloads.",
            source={"product": "windows", "category": "create_stream_hash"},
            detection={"selection": {"Hash|contains": digests}},
            level="high",
        )
        yield "windows", topic, rule


def _new_weights(intent: Intent, platform: str) -> dict[str, Any]:
    return _rule(
        intent,
        "new_weights",
        title="Model Weights Were Written",
        why="By ending only: files without one are found by `wb scan`, which reads what they are.",
        source={"product": platform, "category": "file_event"},
        detection={"selection": {"TargetFilename|endswith": list(WEIGHT_ENDINGS)}},
        level="informational",
    )


def _denied_product(intent: Intent, platform: str) -> dict[str, Any] | None:
    told = _told(intent.denied, platform)
    if not told:
        return None
    return _rule(
        intent,
        "denied_product",
        title="AI Product That the Policy Denies Was Started",
        why="By path or program name, which a user can change; `wb ps` identifies by content.",
        source={"product": platform, "category": "process_creation"},
        detection=told,
        condition="1 of by_*",
        level="high",
    )


def _open_listener(intent: Intent, platform: str) -> dict[str, Any] | None:
    told = _told(intent.runtimes, platform)
    if not intent.open_listener.wanted or not told:
        return None
    everywhere = ["0.0.0.0", "--host ::", "--host=::", "--listen"]  # noqa: S104  (what is looked for)
    return _rule(
        intent,
        "open_listener",
        title="Model Server Opened to Other Machines",
        why="A server on every address can be used by anybody who reaches the port.",
        source={"product": platform, "category": "process_creation"},
        detection={**told, "address": {"CommandLine|contains": everywhere}},
        condition="1 of by_* and address",
        answer=intent.open_listener,
    )


def _agent_without_confirmation(intent: Intent, platform: str) -> dict[str, Any] | None:
    detection: dict[str, Any] = {}
    pairs = []
    for agent in intent.agents:
        told = _told([agent], platform)
        risky = telling_arguments(agent)
        if not told or not risky:
            continue
        detection |= {f"{agent.id}_{key}": value for key, value in told.items()}
        detection[f"{agent.id}_argument"] = [
            {"CommandLine|contains": [_escaped(f" {argument} ") for argument in risky]},
            {"CommandLine|endswith": [_escaped(f" {argument}") for argument in risky]},
        ]
        pairs.append(f"(1 of {agent.id}_by_* and {agent.id}_argument)")
    if not pairs:
        return None
    return _rule(
        intent,
        "agent_without_confirmation",
        title="Agent Was Told to Act Without Asking",
        why="Arguments that switch off confirmations of local agents; those of one letter are not looked for.",
        source={"product": platform, "category": "process_creation"},
        detection=detection,
        condition=" or ".join(pairs),
        level="medium",
        answer=intent.unsupervised_agent,
    )


def _rule(
    intent: Intent,
    topic: str,
    *,
    title: str,
    why: str,
    source: dict[str, str],
    detection: dict[str, Any],
    condition: str = "selection",
    level: str = "medium",
    answer: Answer | None = None,
) -> dict[str, Any]:
    rule = answer.rule if answer is not None else None
    platform = source["product"]
    return {
        "title": f"{title} on {_PLATFORMS[platform][0]}",
        "id": str(uuid5(_SPACE, f"{intent.policy}/{platform}/{topic}")),
        "status": "experimental",
        "description": described(intent, why, rule),
        "author": "Weighbridge",
        "tags": ["attack.execution"],
        "logsource": source,
        "detection": {**detection, "condition": condition},
        "falsepositives": ["Use that the policy accepts"],
        "level": LEVELS.get(rule.severity, "medium") if rule is not None else level,
    }


def _told(products: Iterable[Product], platform: str) -> dict[str, Any]:
    """Return selections, the best first: by path, by script of an interpreter, by name."""
    chosen = tuple(products)
    spelled = _PLATFORMS[platform][1]
    slash = "\\" if spelled == "windows" else "/"
    interpreters = {"Image|contains": [_escaped(f"{slash}{name}") for name in INTERPRETERS]}
    scripts = script_patterns(chosen, spelled)
    selections = {
        "by_path": {"Image": [_pattern(one) for one in path_patterns(chosen, spelled)]},
        "by_script": {**interpreters, "CommandLine": [_pattern(one) for one in _words(scripts, spelled)]},
        "by_name": {"Image|endswith": [_escaped(f"{slash}{name}") for name in file_names(chosen, spelled)]},
    }
    return {key: value for key, value in selections.items() if all(value.values())}


def _words(patterns: Iterable[str], platform: Platform) -> Iterator[str]:
    """Yield patterns of command lines that hold a path as one word: in the middle, quoted, or at the end."""
    for pattern in patterns:
        if pattern.endswith("*"):
            yield pattern
        else:
            yield from (f"{pattern} *", pattern)
            if platform == "windows":
                yield f'{pattern}"*'


def _pattern(value: str) -> str:
    r"""Return a value in which `*` is any text and everything else stands for itself, `\` before `*` too."""
    return value.replace("\\", "\\\\").replace("?", "\\?")


def _escaped(value: str) -> str:
    r"""Return a value in which nothing is a wildcard; `\\` needs escaping only where it would escape what follows."""
    if not set("*?") & set(value) and "\\\\" not in value:
        return value
    return value.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")


def _partly(intent: Intent) -> Iterator[str]:
    if intent.blocked:
        yield "digests on Linux and macOS, and of files that no browser wrote: no log source of Sigma hashes them"


EXPORT = Export(
    id="sigma",
    title="Sigma rules",
    write=write,
    carries=frozenset(("digests", "products", "listeners", "agents")),
    told_by="digest, path, name",
    partly=_partly,
    validated_by="pySigma and its validators; rules converted by its SQLite backend run over events; "
    "once the specification's JSON Schema",
    next_step="Convert them with sigma-cli for your SIEM.",
)
