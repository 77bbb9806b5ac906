"""What a report of `wb scan` or `wb ps` says, for exports: which digests its policy denied.

In: the report as plain values, from anywhere. Out: `Blocked`. What is not of its type is passed over.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from weighbridge.export.intent import Blocked

SCAN, PROCESSES, AGENTS = "weighbridge.scan/1", "weighbridge.ps/1", "weighbridge.agents/1"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def blocked_in(report: Mapping[str, Any]) -> list[Blocked]:
    """Return the artifacts that the report's policy denies by its rules, whatever its mode."""
    found = []
    for artifact in objects(report, "artifacts"):
        verdict = mapping(artifact, "verdict")
        digest = text(artifact, "sha256")
        denied = "deny" in (text(verdict, "by_rules"), text(verdict, "decision"))
        if not denied or not _DIGEST.fullmatch(digest):
            continue
        rule = next(objects(verdict, "rules"), {})
        size = number(artifact, "size")
        found.append(
            Blocked(
                sha256=digest,
                name=base_name(path_of(artifact)),
                format=text(artifact, "format"),
                size=0 if size is None else size,
                rule=text(rule, "id"),
                reason=text(rule, "reason"),
            )
        )
    return found


def policies_in(report: Mapping[str, Any]) -> set[str]:
    """Return the policies, as name and version, under which a report's artifacts were weighed."""
    return {name for one in objects(report, "artifacts") if (name := text(mapping(one, "verdict"), "policy"))}


def path_of(artifact: Mapping[str, Any]) -> str:
    """Return the first path of an artifact."""
    return text(next(objects(artifact, "places"), {}), "path")


def base_name(path: str) -> str:
    r"""Return the last part of a path of any platform; `\` is part of a name where paths begin with `/`."""
    plain = path if path.startswith("/") else path.replace("\\", "/")
    return plain.rstrip("/").rsplit("/", 1)[-1]


def objects(values: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in the list at `key`."""
    listed = values.get(key)
    if isinstance(listed, list):
        yield from (one for one in listed if isinstance(one, dict))


def mapping(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the object at `key`, an empty one if there is none."""
    value = values.get(key)
    return value if isinstance(value, dict) else {}


def text(values: Mapping[str, Any], key: str) -> str:
    """Return the text at `key`, an empty one if there is none. Lone surrogates, which UTF-8 has not, are escaped."""
    value = values.get(key)
    return _whole(value) if isinstance(value, str) else ""


def texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the texts in the list at `key`."""
    value = values.get(key)
    return tuple(_whole(one) for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def number(values: Mapping[str, Any], key: str) -> int | None:
    """Return the whole number at `key`; None if there is none."""
    value = values.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _whole(value: str) -> str:
    return value.encode("utf-8", "backslashreplace").decode("utf-8")
