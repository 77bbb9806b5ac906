"""Which packages are AI tools and what for (`tools.toml`); which versions are known to be bad (`known_bad.toml`)."""

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from weighbridge.discover.compiled import compiled_agents
from weighbridge.discover.signature import CONFIDENCES
from weighbridge.discover.version_range import in_range
from weighbridge.model.toolchain import Advisory, Ecosystem, InstalledTool

_KEYS = {"ecosystem", "name", "versions", "severity", "kind", "what", "fixed", "source", "checked", "confidence"}
_SEVERITIES = ("low", "medium", "high", "critical")


def normalized(ecosystem: Ecosystem, name: str) -> str:
    """Return a name as it is compared. Source: PEP 503 for Python, lower case elsewhere."""
    lower = name.strip().lower()
    return re.sub(r"[-_.]+", "-", lower) if ecosystem is Ecosystem.PYPI else lower


@cache
def _roles(ecosystem: Ecosystem) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    table = compiled_agents()["tools"].get(ecosystem.value, {})
    exact: dict[str, str] = {}
    patterns: list[tuple[str, str]] = []
    for role, names in table.items():
        for name in names:
            if "*" in name:
                patterns.append((name.lower(), role))
            else:
                exact[normalized(ecosystem, name)] = role
    return exact, tuple(patterns)


def role_of(ecosystem: Ecosystem, name: str) -> str:
    """Return what a package is for; empty if it is no AI tool that is known. What an advisory names counts."""
    exact, patterns = _roles(ecosystem)
    wanted = normalized(ecosystem, name)
    if wanted in exact:
        return exact[wanted]
    for pattern, role in patterns:
        if fnmatchcase(wanted, pattern):
            return role
    return "advised" if (ecosystem, wanted) in _by_name() else ""


@cache
def known_bad() -> tuple[Advisory, ...]:
    """Return all advisories, by id."""
    return tuple(advisory_of(name, content) for name, content in sorted(compiled_agents()["known_bad"].items()))


@cache
def _by_name() -> dict[tuple[Ecosystem, str], tuple[Advisory, ...]]:
    found: dict[tuple[Ecosystem, str], tuple[Advisory, ...]] = {}
    for one in known_bad():
        key = one.ecosystem, normalized(one.ecosystem, one.name)
        found[key] = (*found.get(key, ()), one)
    return found


def advisory_of(advisory_id: str, content: dict[str, Any]) -> Advisory:
    """Return the advisory with the content of its table. Raises ValueError naming the key at fault."""
    if unknown := set(content) - _KEYS:
        raise ValueError(f"{advisory_id}: unknown key {min(unknown)!r}")
    if missing := _KEYS - set(content):
        raise ValueError(f"{advisory_id}: missing key {min(missing)!r}")
    if content["confidence"] not in CONFIDENCES or content["severity"] not in _SEVERITIES:
        raise ValueError(f"{advisory_id}: confidence or severity is not one of the known words")
    if content["kind"] not in ("vulnerable", "malicious"):
        raise ValueError(f"{advisory_id}: kind is vulnerable or malicious")
    for wanted in content["versions"]:
        in_range("0", wanted)
    return Advisory(
        id=advisory_id,
        ecosystem=Ecosystem(content["ecosystem"]),
        name=content["name"],
        versions=tuple(content["versions"]),
        severity=content["severity"],
        kind=content["kind"],
        what=content["what"],
        fixed=content["fixed"],
        source=content["source"],
        checked=str(content["checked"]),
        verified=content["confidence"] != "unverified",
    )


def advisories_for(tool: InstalledTool) -> tuple[Advisory, ...]:
    """Return what is known against this version of a tool; of a version that nobody knows only what holds for all."""
    found = _by_name().get((tool.ecosystem, normalized(tool.ecosystem, tool.name)), ())
    return tuple(
        one
        for one in found
        if any(
            wanted == "*" or (tool.version is not None and in_range(tool.version, wanted)) for wanted in one.versions
        )
    )
