"""Looks at bytes as the pipeline does, without files and without child processes."""

import json

from weighbridge.model.budget import Budget
from weighbridge.model.observation import Observation
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.inspect import Inspected, inspect
from weighbridge.pipeline.judge import judged

_PROGRAM = json.dumps({"imports": [], "calls": [], "top_level_calls": [], "strings": []}).encode()


def look(content: bytes, name: str = "", budget: Budget | None = None) -> list[Inspected]:
    """Return everything that `content` holds; isolated parsers answer with an empty program."""
    return inspect(BytesSource(content, name.encode()), lambda _parser, _payload: _PROGRAM, budget or Budget())


def assessments(content: bytes, name: str = "") -> dict[str | None, str]:
    """Return member (None for the file itself) -> assessment."""
    return {item.member: str(judged(item)[1]) for item in look(content, name)}


def kinds(observations: object) -> set[str]:
    """Return what is special about each observation: its kind, damage or escape, else its type."""
    found = set()
    for item in observations:  # type: ignore[attr-defined]
        assert isinstance(item, Observation)
        special = [str(getattr(item, name)) for name in ("kind", "damage", "escape") if hasattr(item, name)]
        found.add(special[0] if special else type(item).__name__)
    return found
