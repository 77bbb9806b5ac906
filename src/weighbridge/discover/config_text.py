"""Configuration files of agents as plain values: JSON with comments, TOML, YAML.

Bounded in size, count and depth; nothing is constructed but texts, numbers, lists and mappings. Agents differ in what
they do with a name that stands twice, so the mappings of both are merged (the later value wins) and the name is told.
An error names the place and never the text there, which may be a secret.
Sources: RFC 8259; JSONC (comments, trailing commas) as VS Code reads it; JSON5 1.0.0 (quotes `'`, bare names), which
OpenClaw reads; TOML 1.0; YAML 1.2.2.
"""

import json
import re
from typing import Any

from weighbridge.model.record import record

MOST_BYTES = 16 << 20
_MOST_TOKENS = 1_000_000
_DEEPEST = 100
_YAML_BYTES = 1 << 20
_TOML_BYTES = 1 << 20
"""`tomllib` takes time that grows faster than the text."""
_STRAY = re.compile(r"[^\s\[\]{},:\"']+")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SINGLE = re.compile(r"'(?:[^'\\\n]|\\.)*'")
_COMMENT = re.compile(r"//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_BARE = re.compile(r"[A-Za-z_$][\w$]*")
_BRACKETS = re.compile(r'"(?:[^"\\\n]|\\.)*"|[\[\]{}]')
"""Brackets outside of texts: what people type to agents, which agents keep, is full of them."""
_BLANK = re.compile(r"[\s\ufeff]+")
_WORDS = frozenset({"true", "false", "null", "NaN", "Infinity"})


@record
class ConfigText:
    """A value, and what is wrong with the text; `value` is None if nothing could be read."""

    value: Any = None
    repeated: tuple[str, ...] = ()
    """Names that stand twice in one mapping."""
    error: str | None = None


def read_config(name: bytes, text: bytes) -> ConfigText:
    """Return what a configuration file says; its format by the ending of its name, JSON for any other.

    Args:
        name: of the file.
        text: all of it.
    """
    lower = name.lower()
    if lower.endswith(b".toml"):
        return _toml(text)
    if lower.endswith((b".yaml", b".yml")):
        return _yaml(text)
    return read_json(text)


def read_json(text: bytes) -> ConfigText:
    """Return JSON, also with comments, trailing commas, single quotes and bare names."""
    if len(text) > MOST_BYTES:
        return ConfigText(error=f"longer than {MOST_BYTES >> 20} MB")
    try:
        plain = _decoded(text)
        return _parsed(plain)
    except UnicodeDecodeError:
        return ConfigText(error="not UTF-8")
    except _RefusedError as refused:
        return ConfigText(error=str(refused))


class _RefusedError(Exception):
    """The text is not read; the message holds nothing of it."""


def _decoded(text: bytes) -> str:
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return text.decode("utf-16")
    return text.decode("utf-8-sig")


def _parsed(plain: str) -> ConfigText:
    if not plain.strip():
        return ConfigText(value={})
    _check_depth(plain)
    try:
        return _loaded(plain)
    except ValueError:
        return _loaded_again(_strict(plain))


def _loaded_again(plain: str) -> ConfigText:
    try:
        return _loaded(plain)
    except json.JSONDecodeError as error:
        raise _RefusedError(f"not JSON: {error.msg.lower()} in line {error.lineno}") from None
    except (ValueError, RecursionError):
        raise _RefusedError("not JSON") from None


def _loaded(plain: str) -> ConfigText:
    repeated: dict[str, None] = {}

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in items:
            if name in found:
                if len(repeated) < 20:
                    repeated[name[:80]] = None
                earlier = found[name]
                if isinstance(earlier, dict) and isinstance(value, dict):
                    value = earlier | value
                elif isinstance(earlier, list) and isinstance(value, list):
                    value = earlier + value
            found[name] = value
        return found

    value = json.loads(plain, object_pairs_hook=pairs, parse_float=str, parse_int=str, parse_constant=str, strict=False)
    return ConfigText(value=value, repeated=tuple(repeated))


def _check_depth(plain: str) -> None:
    """Refuse what would become too many objects, or nest deeper than a parser should follow."""
    depth = 0
    tokens = plain.count(",") + plain.count(":") + plain.count("{") + plain.count("[")
    if tokens > _MOST_TOKENS:
        raise _RefusedError(f"more than {_MOST_TOKENS:,} values")
    for found in _BRACKETS.finditer(plain):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > _DEEPEST:
            raise _RefusedError(f"nested deeper than {_DEEPEST}")


def _strict(plain: str) -> str:
    """Return the text without comments and trailing commas, with names and single quotes as JSON has them."""
    parts: list[str] = []
    place = 0
    while place < len(plain):
        char = plain[place]
        if char == '"':
            match = _STRING.match(plain, place)
        elif char == "'":
            match = _SINGLE.match(plain, place)
        elif char == "/":
            match = _COMMENT.match(plain, place)
        elif char.isspace() or char == "\ufeff":
            match = _BLANK.match(plain, place)
        elif char in "{}[],:":
            if char in "}]":
                _drop_comma(parts)
            parts.append(char)
            place += 1
            continue
        else:
            match = _BARE.match(plain, place) or _STRAY.match(plain, place)
        if match is None:
            raise _RefusedError(f"not JSON: something unfinished in line {plain.count(chr(10), 0, place) + 1}")
        parts.append(_as_json(char, match[0]))
        place = match.end()
    return "".join(parts)


def _as_json(char: str, found: str) -> str:
    if char == "'":
        return json.dumps(re.sub(r"\\(.)", r"\1", found[1:-1]))
    if char == "/" or not found.strip():
        return "\n" * found.count("\n") or " "
    if char != '"' and _BARE.fullmatch(found) and found not in _WORDS:
        return json.dumps(found)
    return found


def _drop_comma(parts: list[str]) -> None:
    for position in range(len(parts) - 1, -1, -1):
        if parts[position] == ",":
            parts[position] = ""
            return
        if parts[position].strip():
            return


def _toml(text: bytes) -> ConfigText:
    import tomllib  # few machines have an agent that keeps TOML

    if len(text) > _TOML_BYTES:
        return ConfigText(error=f"longer than {_TOML_BYTES >> 20} MB")
    if text.count(b"[") + text.count(b"{") > 20_000 or text.count(b".") > 200_000:
        return ConfigText(error="more tables than any configuration has")
    try:
        return ConfigText(value=tomllib.loads(_decoded(text).replace("\r\n", "\n")))
    except UnicodeDecodeError:
        return ConfigText(error="not UTF-8")
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at (line \d+), column \d+\)", str(error))
        return ConfigText(error=f"not TOML{': ' + place[1] if place else ''}")
    except (ValueError, RecursionError):
        return ConfigText(error="not TOML")


def _yaml(text: bytes) -> ConfigText:
    if len(text) > _YAML_BYTES:
        return ConfigText(error=f"longer than {_YAML_BYTES >> 20} MB")
    if text.count(b"[") + text.count(b"{") > 20_000:  # libyaml takes quadratic time in nested brackets
        return ConfigText(error="more brackets than any configuration has")
    import yaml  # few machines have an agent that keeps YAML

    from weighbridge.discover.config_yaml import YamlBuilder

    try:
        builder = YamlBuilder(_decoded(text))
        return ConfigText(value=builder.value(), repeated=tuple(builder.repeated))
    except UnicodeDecodeError:
        return ConfigText(error="not UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return ConfigText(error=f"not YAML{f': line {mark.line + 1}' if mark else ''}")
    except (yaml.YAMLError, ValueError, RecursionError):
        return ConfigText(error="not YAML")


def at(value: Any, path: str) -> Any:  # noqa: ANN401  (whatever a configuration holds)
    """Return what stands at a path of names, `/` between them; None if nothing does."""
    for name in path.split("/"):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value


def everywhere(value: Any, path: str) -> list[tuple[str, Any]]:  # noqa: ANN401  (as above)
    """Return what stands at every path that fits; `*` stands for any name. With the path that was found."""
    found = [("", value)]
    for name in path.split("/"):
        deeper: list[tuple[str, Any]] = []
        for prefix, item in found:
            if not isinstance(item, dict):
                continue
            names = list(item) if name == "*" else [name] if name in item else []
            deeper += [(f"{prefix}/{one}" if prefix else one, item[one]) for one in names[:5000]]
        found = deeper
    return found
