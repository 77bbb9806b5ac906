"""Falco rules.

Source: Falco documentation, "Rules" (required keys, macros, lists, priorities) and "Supported Fields"; libsinsp filter
grammar for conditions. The rules bring their own macros, so that they do not depend on the order of files.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from weighbridge.export.export import Export
from weighbridge.export.intent import Answer, Intent
from weighbridge.export.literals import falco
from weighbridge.export.matching import (
    COMM_LENGTH,
    INTERPRETERS,
    file_names,
    path_patterns,
    script_patterns,
    short_names,
    telling_arguments,
)
from weighbridge.export.places import FILES, FOLDERS, WEIGHT_ENDINGS
from weighbridge.export.product import Product
from weighbridge.export.wording import comment, described

_PRIORITIES = {"critical": "CRITICAL", "high": "ERROR", "medium": "WARNING", "low": "NOTICE", "info": "INFORMATIONAL"}
_OUTPUT = "%evt.time user=%user.name process=%proc.name pid=%proc.pid command=%proc.cmdline"


def write(intent: Intent) -> dict[str, str]:
    """Return one file: the engine it needs, macros, rules."""
    items: list[dict[str, Any]] = [
        {"required_engine_version": "0.31.0"},
        _macro("weighbridge_started", "evt.type in (execve, execveat)"),
        _macro("weighbridge_opened_to_write", "evt.type in (open, openat, openat2, creat) and evt.is_open_write=true"),
        _macro("weighbridge_opened_to_read", "evt.type in (open, openat, openat2) and evt.is_open_read=true"),
    ]
    agents, runtimes, denied = (_told(some) for some in (intent.agents, intent.runtimes, intent.denied))
    used = (("agent", agents, True), ("server", runtimes, intent.open_listener.wanted), ("denied", denied, True))
    for name, told, asked in used:
        if told and asked:
            items.append(_macro(f"weighbridge_{name}", told))
    items += _rules(intent, agents=bool(agents), runtimes=bool(runtimes), denied=bool(denied))
    text = yaml.safe_dump(items, sort_keys=False, allow_unicode=True, width=120)
    return {"weighbridge_rules.yaml": comment(intent, EXPORT) + _NAMES + text}


_NAMES = """\
# Falco has no digests of files: products are told by path and script, and by name where only that is left.
# `wb ps` and `wb watch` identify by content.
"""


def _rules(intent: Intent, *, agents: bool, runtimes: bool, denied: bool) -> Iterator[dict[str, Any]]:
    endings = " or ".join(f"fd.name endswith {falco(ending)}" for ending in WEIGHT_ENDINGS)
    yield _rule(
        intent,
        "Model weights written",
        "By ending only: files without one are found by `wb scan`, which reads what they are.",
        f"weighbridge_opened_to_write and ({endings})",
        "file=%fd.name",
        "info",
    )
    if denied:
        yield _rule(
            intent,
            "AI product that the policy denies was started",
            "By path, script or program name.",
            "weighbridge_started and weighbridge_denied",
            "program=%proc.exepath",
            "high",
        )
    if runtimes and intent.open_listener.wanted:
        everywhere = ("0.0.0.0", "--host ::", "--host=::", "--listen")  # noqa: S104  (what is looked for)
        words = " or ".join(f"proc.cmdline contains {falco(word)}" for word in everywhere)
        yield _rule(
            intent,
            "Model server opened to other machines",
            "A server on every address can be used by anybody who reaches the port.",
            f"weighbridge_started and weighbridge_server and ({words})",
            "program=%proc.exepath",
            "medium",
            intent.open_listener,
        )
    if agents:
        places = [f"fd.name contains {falco(f'/{folder}/')}" for folder in FOLDERS]
        places += [f"fd.name endswith {falco(f'/{name}')}" for name in FILES]
        yield _rule(
            intent,
            "Agent read a credential",
            "No agent needs the keys of shells, clouds and registries. What it starts is not seen by this rule.",
            f"weighbridge_opened_to_read and weighbridge_agent and ({' or '.join(places)})",
            "file=%fd.name",
            "medium",
            intent.secrets_for_agents,
        )
    if pairs := list(_unsupervised(intent.agents)):
        yield _rule(
            intent,
            "Agent was told to act without asking",
            "Arguments that switch off confirmations of local agents; those of one letter are not looked for.",
            f"weighbridge_started and ({' or '.join(pairs)})",
            "program=%proc.exepath",
            "medium",
            intent.unsupervised_agent,
        )


def _unsupervised(agents: Iterable[Product]) -> Iterator[str]:
    for agent in agents:
        told = _told([agent])
        risky = telling_arguments(agent)
        if told and risky:
            words = " or ".join(
                f"proc.cmdline contains {falco(f' {word} ')} or proc.cmdline endswith {falco(f' {word}')}"
                for word in risky
            )
            yield f"(({told}) and ({words}))"


def _told(products: Iterable[Product]) -> str:
    """Return the condition that tells products: by path, by script of an interpreter, by name."""
    chosen = tuple(products)
    said = [_path("proc.exepath", pattern) for pattern in path_patterns(chosen, "linux")]
    if scripts := [one for pattern in script_patterns(chosen, "linux") for one in _argument(pattern)]:
        interpreters = " or ".join(f"proc.exepath contains {falco(f'/{name}')}" for name in INTERPRETERS)
        said.append(f"(({interpreters}) and ({' or '.join(scripts)}))")
    short, long = short_names(file_names(chosen, "linux"))
    if short:
        said.append(f"proc.name in ({', '.join(map(falco, short))})")
    # A longer name is cut in `proc.name`, and may be the beginning of another there.
    said += [f"proc.exepath endswith {falco(f'/{name}')}" for name in long]
    said += [
        f"(proc.name = {falco(name[:COMM_LENGTH])} and proc.cmdline contains {falco(f'/{name}')})" for name in long
    ]
    return " or ".join(said)


def _path(field: str, pattern: str) -> str:
    """Return the comparison for a pattern that begins with any text."""
    inner = pattern.strip("*")
    if "*" in inner or not pattern.startswith("*"):
        return f"{field} glob {falco(pattern)}"
    return f"{field} {'contains' if pattern.endswith('*') else 'endswith'} {falco(inner)}"


def _argument(pattern: str) -> Iterator[str]:
    """Yield comparisons with one word of a command line."""
    if pattern.endswith("*"):
        yield _path("proc.cmdline", pattern)
    else:
        yield _path("proc.cmdline", f"{pattern} *")
        yield _path("proc.cmdline", pattern)


def _macro(name: str, condition: str) -> dict[str, Any]:
    return {"macro": name, "condition": condition}


def _rule(
    intent: Intent, name: str, why: str, condition: str, output: str, severity: str, answer: Answer | None = None
) -> dict[str, Any]:
    rule = answer.rule if answer is not None else None
    return {
        "rule": f"Weighbridge: {name}",
        "desc": described(intent, why, rule),
        "condition": condition,
        "output": f"{name} ({_OUTPUT} {output})",
        "priority": _PRIORITIES.get(rule.severity if rule is not None else severity, "WARNING"),
        "tags": ["weighbridge", "ai"],
    }


EXPORT = Export(
    id="falco",
    title="Falco rules",
    write=write,
    carries=frozenset(("products", "listeners", "agents", "secrets")),
    told_by="path, script, name",
    validated_by="a reader of rules that evaluates conditions; `falco --validate` where it is installed; "
    "once Falco's own JSON Schema",
    next_step="Check the file with `falco --validate` and put it into /etc/falco/rules.d.",
)
