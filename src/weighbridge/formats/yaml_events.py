"""YAML from hostile places, as a flat list of keys and scalars.

Only the event stream of libyaml is read: nothing is composed, constructed or resolved, so aliases cannot multiply and
tags cannot instantiate. An alias of a scalar gives that scalar; an alias of a collection gives nothing, because the
collection is seen where it stands. libyaml takes quadratic time in nested brackets, so these are counted first.
Source: YAML 1.2.2, chapter 3 (event stream); PyYAML's own tags (`tag:yaml.org,2002:python/...`) run code when an unsafe
loader meets them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 1 << 20
"""Longest text that is read, in bytes."""
_MOST_BRACKETS = 20_000
_DEEPEST = 200
_MOST_EVENTS = 400_000
PYTHON_TAG = "tag:yaml.org,2002:python/"


class YamlError(Exception):
    """The text is not YAML, or more than is read here."""


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """One value: its path of keys and list positions, its text, its explicit tag if it has one."""

    path: tuple[str, ...]
    value: str
    tag: str | None

    @property
    def key(self) -> str:
        """The path with dots, for a person."""
        return ".".join(self.path)


def scalars(text: bytes) -> Iterator[YamlScalar]:
    """Yield every value in `text`, and every tagged collection with an empty value. Raises `YamlError`."""
    if len(text) > LONGEST:
        raise YamlError(f"longer than {LONGEST} bytes")
    if text.count(b"[") + text.count(b"{") > _MOST_BRACKETS:
        raise YamlError("more brackets than any configuration has")
    import yaml  # loads only when a file holds YAML; few do

    try:
        yield from _walk(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise YamlError(str(error).splitlines()[0][:200] if str(error) else type(error).__name__) from None


@dataclass(slots=True)
class _Open:
    """A collection that is being read: for a mapping the key at hand, for a list the position."""

    mapping: bool
    key: str | None = None
    position: int = 0


def _walk(text: bytes) -> Iterator[YamlScalar]:
    import yaml  # as above

    stack: list[_Open] = []
    anchors: dict[str, str] = {}
    for count, event in enumerate(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))):
        if count > _MOST_EVENTS:
            raise YamlError(f"more than {_MOST_EVENTS} items")
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(stack) >= _DEEPEST:
                raise YamlError(f"nested deeper than {_DEEPEST}")
            if event.tag is not None:
                yield YamlScalar(_path(stack), "", event.tag)
            stack.append(_Open(mapping=isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
            _done(stack)
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            if isinstance(event, yaml.ScalarEvent):
                value, tag = event.value, event.tag
                if event.anchor is not None and len(anchors) < 10_000:
                    anchors[event.anchor] = value
            else:
                value, tag = anchors.get(event.anchor or "", ""), None
            if stack and stack[-1].mapping and stack[-1].key is None:
                stack[-1].key = value[:200]
                continue
            yield YamlScalar(_path(stack), value, tag)
            _done(stack)


def _path(stack: list[_Open]) -> tuple[str, ...]:
    return tuple((level.key or "?") if level.mapping else str(level.position) for level in stack)


def _done(stack: list[_Open]) -> None:
    """Note that the value at hand is complete."""
    if stack:
        stack[-1].key = None
        stack[-1].position += 1
