"""Sigma rules: detections that a SIEM converts into its own language.

Source: Sigma rules specification 2.1.0 (fields, log sources, modifiers, tags).
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from weighbridge.export.export import Export
from weighbridge.export.intent import Answer, Intent
from weighbridge.export.product import Product
from weighbridge.export.wording import LEVELS, described

_SPACE = uuid5(NAMESPACE_URL, "https://weighbridge.example/sigma")
_TITLES = {"linux": "Linux", "macos": "macOS", "windows": "Windows"}
_WEIGHT_ENDINGS = (".gguf", ".safetensors", ".onnx", ".ckpt", ".pth", ".llamafile")
_MOST_HASHES = 500
"""Digests in one rule; converters write them into one query."""


def write(intent: Intent) -> dict[str, str]:
    """Return one file per rule, by platform."""
    files = {}
    for platform, topic, rule in _rules(intent):
        files[f"{platform}/weighbridge_{topic}.yml"] = yaml.safe_dump(
            rule, sort_keys=False, allow_unicode=True, width=120
        )
    return files


def _rules(intent: Intent) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for start in range(0, len(intent.blocked), _MOST_HASHES):
        part = intent.blocked[start : start + _MOST_HASHES]
        topic = f"blocked_weights_{start // _MOST_HASHES + 1}"
        yield (
            "windows",
            topic,
            _rule(
                intent,
                f"windows/{topic}",
                title="Weights That the AI Policy Denies Were Written",
                why="Digests that the policy denies; Sysmon hashes the streams that browsers attach to downloads.",
                source={"product": "windows", "category": "create_stream_hash"},
                detection={"selection": {"Hash|contains": [f"SHA256={one.sha256.upper()}" for one in part]}},
                level="high",
            ),
        )
    for platform in _TITLES:
        yield (
            platform,
            "new_weights",
            _rule(
                intent,
                f"{platform}/new_weights",
                title="Model Weights Were Written",
                why="By ending only: files without one are found by `wb scan`, which reads what they are.",
                source={"product": platform, "category": "file_event"},
                detection={"selection": {"TargetFilename|endswith": list(_WEIGHT_ENDINGS)}},
                level="informational",
            ),
        )
        if (denied := [one for one in intent.products if one.id in intent.denied_products]) and (
            images := _images(denied, platform)
        ):
            yield (
                platform,
                "denied_product",
                _rule(
                    intent,
                    f"{platform}/denied_product",
                    title="AI Product That the Policy Denies Was Started",
                    why="By program name, which a user can change; `wb ps` identifies by content.",
                    source={"product": platform, "category": "process_creation"},
                    detection={"selection": {"Image|endswith": images}},
                    level="high",
                ),
            )
        if intent.open_listener.wanted and (images := _images(intent.runtimes, platform)):
            yield (
                platform,
                "open_listener",
                _rule(
                    intent,
                    f"{platform}/open_listener",
                    title="Model Server Opened to Other Machines",
                    why="A server on every address can be used by anybody who reaches the port.",
                    source={"product": platform, "category": "process_creation"},
                    detection={
                        "server": {"Image|endswith": images},
                        "address": {"CommandLine|contains": ["0.0.0.0", "--host ::", "--host=::", "--listen"]},  # noqa: S104  (what is looked for)
                    },
                    condition="server and address",
                    answer=intent.open_listener,
                ),
            )
        if risky := sorted(
            {argument for agent in intent.agents for argument in agent.risky_arguments if len(argument) > 3}
        ):
            yield (
                platform,
                "agent_without_confirmation",
                _rule(
                    intent,
                    f"{platform}/agent_without_confirmation",
                    title="Agent Was Told to Act Without Asking",
                    why="Arguments that switch off confirmations of local agents.",
                    source={"product": platform, "category": "process_creation"},
                    detection={
                        "agent": {
                            "CommandLine|contains": sorted(
                                {_stem(agent) for agent in intent.agents if agent.risky_arguments}
                            )
                        },
                        "argument": {"CommandLine|contains": [f" {argument}" for argument in risky]},
                    },
                    condition="agent and argument",
                    level="medium",
                ),
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
    return {
        "title": f"{title} on {_TITLES[source['product']]}",
        "id": str(uuid5(_SPACE, f"{intent.policy}/{topic}")),
        "status": "experimental",
        "description": described(intent, why, rule),
        "author": "Weighbridge",
        "tags": ["attack.execution"],
        "logsource": source,
        "detection": {**detection, "condition": condition},
        "falsepositives": ["Use that the policy accepts"],
        "level": LEVELS.get(rule.severity, "medium") if rule is not None else level,
    }


def _images(products: Iterable[Product], platform: str) -> list[str]:
    slash = "\\" if platform == "windows" else "/"
    names = {name for product in products for name in product.process_names}
    mine = {name for name in names if name.lower().endswith(".exe") == (platform == "windows")}
    if platform == "windows":
        mine |= {f"{name}.exe" for name in names if "." not in name and " " not in name}
    return sorted(f"{slash}{name}" for name in mine if name not in _EVERYDAY)


_EVERYDAY = frozenset({"node", "node.exe", "python", "python3", "python.exe", "chat", "chat.exe", "llama", "llama.exe"})
"""Names under which much else runs; a rule on them would cry all day."""


def _stem(agent: Product) -> str:
    return next((name.removesuffix(".exe") for name in agent.process_names if name not in _EVERYDAY), agent.id)


EXPORT = Export(id="sigma", title="Sigma rules", write=write, validated_by="pySigma")
