"""Values from the events of a YAML text: no tags, no classes, an alias is the value that it names.

An alias shares the value instead of copying it, so a text cannot grow; one that contains itself gives nothing.
Source: YAML 1.2.2, chapters 3 and 10.3 (core schema: only `true`, `false` and `null` are special here; numbers stay
text, as nobody computes with them).
"""

from typing import Any

import yaml

_DEEPEST = 60
_MOST_EVENTS = 200_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlBuilder:
    """Builds the value of the first document of a text. Raises `yaml.YAMLError` and ValueError.

    Args:
        text: all of it.
    """

    def __init__(self, text: str) -> None:
        self.repeated: dict[str, None] = {}
        self._events = yaml.parse(text, Loader=_LOADER)
        self._anchors: dict[str, Any] = {}
        self._count = 0

    def value(self) -> Any:  # noqa: ANN401  (whatever a configuration holds)
        """Return the value of the first document; None if there is none."""
        while (event := self._next()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                return self._read(self._next(), 0)
        return None

    def _next(self) -> Any:  # noqa: ANN401  (yaml has no types for events)
        self._count += 1
        if self._count > _MOST_EVENTS:
            raise ValueError("too many values")
        return next(self._events, None)

    def _read(self, event: Any, depth: int) -> Any:  # noqa: ANN401  (as above)
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(event.anchor or "")
        anchor = getattr(event, "anchor", None)
        made: Any
        if isinstance(event, yaml.ScalarEvent):
            plain = event.implicit[0] and not event.style
            made = _WORDS[event.value.lower()] if plain and event.value.lower() in _WORDS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            made = []
            while not isinstance(item := self._next(), yaml.SequenceEndEvent):
                made.append(self._read(item, depth + 1))
        else:
            made = self._mapping(depth)
        if anchor is not None:
            self._anchors[anchor] = made
        return made

    def _mapping(self, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: list[Any] = []
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            name = self._read(event, depth + 1)
            value = self._read(self._next(), depth + 1)
            key = "true" if name is True else "false" if name is False else "null" if name is None else name
            if not isinstance(key, str):
                continue
            if key == "<<":
                merged += value if isinstance(value, list) else [value]
                continue
            if key in made:
                self.repeated[key[:80]] = None
                if isinstance(made[key], dict) and isinstance(value, dict):
                    value = made[key] | value
            made[key] = value
        for other in merged:
            if isinstance(other, dict):
                made = other | made
        return made
