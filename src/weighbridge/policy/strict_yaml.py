"""A small, strict part of YAML: what a person needs to write facts, and nothing that surprises.

In: the bytes of a file. Out: plain values, and the line of every key. Refused with line and reason: more than
256 KB, anchors and aliases, tags, duplicate keys, keys that are not text, several documents, nesting beyond 16.
Only `true`, `false`, `null`, whole and decimal numbers and ISO dates are special; everything else is text (`no`
stays `no`). Source: YAML 1.2.2, chapter 10.3 (core schema), of which this is a subset.
"""

import datetime
import re
from dataclasses import field
from typing import Any, NoReturn

import yaml

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.policy.plain_text import is_plain

MOST_BYTES = 256 * 1024
_DEEPEST = 16
_MOST_NODES = 50_000
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader where it is built in: the same events, ten times faster."""

_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

YamlValue = str | int | float | bool | None | datetime.date | list["YamlValue"] | dict[str, "YamlValue"]


@record
class Document:
    """One file, read."""

    file: str
    value: YamlValue
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    """Line, counted from 1, by path of keys and positions."""

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(file: str, content: bytes) -> Document:
    """Return the values in `content`. Raises `WeighbridgeError` naming `file` and line for anything else."""
    if len(content) > MOST_BYTES:
        _refuse(file, None, f"is larger than {MOST_BYTES // 1024} KB", "Split it, or remove what is not policy.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(file, line, "is not UTF-8 text", "Save the file as UTF-8.")
    return _Builder(file, text).document()


def _refuse(file: str, line: int | None, what: str, hint: str) -> NoReturn:
    where = file if line is None else f"{file}:{line}"
    raise WeighbridgeError("E-policy-yaml", f"{where} {what}.", hint)


class _Builder:
    """Builds values from parser events, so that nothing is built that was not asked for."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._nodes = 0
        self._events: Any = None

    def document(self) -> Document:
        try:
            self._events = yaml.parse(self._text, Loader=_LOADER)
            value = self._whole()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = None if mark is None else mark.line + 1
            problem = (error.problem or "cannot be read").strip()
            hint = "Check indentation and quotes around this line."
            if line is not None and "\t" in self._line_of(line):
                hint = "Replace the tab by spaces: YAML does not allow tabs for indentation."
            _refuse(self._file, line, f"is not valid YAML: {problem}", hint)
        except yaml.YAMLError as error:
            reason = str(error).splitlines()[0][:200] if str(error) else "cannot be read"
            _refuse(self._file, None, f"is not valid YAML: {reason}", "Remove control characters from the file.")
        return Document(file=self._file, value=value, lines=self._lines)

    def _line_of(self, line: int) -> str:
        lines = self._text.split("\n", line)
        return lines[line - 1] if line <= len(lines) else ""

    def _whole(self) -> YamlValue:
        value: YamlValue = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    _refuse(self._file, _line(event), "starts a second document", "Remove the `---` line.")
                value = self._value(next(self._events), ())
        return value

    def _value(self, event: Any, path: tuple[str | int, ...]) -> YamlValue:  # noqa: ANN401  (yaml has no types for events)
        line = _line(event)
        self._lines.setdefault(path, line)
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            _refuse(self._file, line, f"holds more than {_MOST_NODES:,} values", "Split it into several files.")
        if len(path) > _DEEPEST:
            _refuse(self._file, line, f"is nested deeper than {_DEEPEST} levels", "Flatten it.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse(self._file, line, "uses an anchor or alias (`&`, `*`)", "Write the value out where it is needed.")
        if event.tag is not None:
            _refuse(self._file, line, f"uses the tag `{event.tag[:60]}`", "Remove it: only plain values are read.")
        if isinstance(event, yaml.ScalarEvent):
            text = event.value.encode("utf-8", "replace").decode("utf-8")
            if not is_plain(text):
                _refuse(self._file, line, "holds control characters", "Remove them: people read this text on a screen.")
            return _plain(text) if event.implicit[0] and not event.style else text
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: tuple[str | int, ...]) -> list[YamlValue]:
        items: list[YamlValue] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: tuple[str | int, ...]) -> dict[str, YamlValue]:
        mapping: dict[str, YamlValue] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                _refuse(self._file, line, "has a key that is not plain text", "Write the key as one word.")
            key = str(event.value)
            if not is_plain(key, one_line=True):
                _refuse(self._file, line, "holds control characters", "Remove them: people read this text on a screen.")
            if key in mapping:
                _refuse(self._file, line, f"has the key `{key[:80]}` twice", "Keep one of the two.")
            self._lines[(*path, key)] = line
            mapping[key] = self._value(next(self._events), (*path, key))
        return mapping


def _line(event: Any) -> int:  # noqa: ANN401  (yaml has no types for events)
    return int(event.start_mark.line) + 1


def _plain(text: str) -> YamlValue:
    """Return what an unquoted scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return text
    return text
