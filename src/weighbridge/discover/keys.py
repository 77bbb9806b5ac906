"""Keys for AI services in texts and environments: format, line and fingerprint, never the value.

A line is looked at only if it holds one of the announcing texts of a format (`prefilter`); then the exact form, how
random the rest is, and for forms without a prefix the name beside it must fit. Values exist as local variables of this
file alone: what leaves it holds a keyed fingerprint.
Sources: `key_formats.toml`, each with its own.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from weighbridge.discover.compiled import compiled_agents
from weighbridge.discover.fingerprint import Fingerprints
from weighbridge.discover.masking import SECRET_NAME, entropy, is_placeholder, is_reference
from weighbridge.discover.signature import CONFIDENCES
from weighbridge.model.record import record

MOST_BYTES = 16 << 20
"""Of one text; longer files are not read at all, which their reader says."""
_WINDOW, _OVERLAP = 64 << 10, 8 << 10
"""A longer line is looked at in pieces that overlap by more than the longest key with its name."""
_MOST_FOUND = 500
_NAME = re.compile(
    r"""(?:^|[\s"'{,;(&?])(?:export\s+|set\s+(?:-\S+\s+)*)?\$?([A-Za-z_][\w.-]{0,100})["']?\s*(?:=|:|\s)\s*["']?$"""
)
_ASSIGNED = re.compile(
    r"""^\s*(?:export\s+|set\s+(?:-\S+\s+)*|-\s+)?["']?([A-Za-z_][\w.-]{0,100})["']?\s*[=:]\s*(["']?)(.*?)\2\s*[,;]?\s*(?:\#.*)?$"""
)
_ABOUT_SECRET = re.compile(
    r"(?i)tokeni[sz]er|tokens(?:[_.-]|$)|[_.-](?:file|path|dir|url|uri|endpoint|name|id|header|type|ttl|limit|length|region"
    r"|version|host|port|user|username|policy|mode|format|algorithm|issuer|audience|scope|enabled|provider|expiry|arn)$"
)
"""Names that speak of a secret or of tokens of text without holding one; addresses are looked into before."""
_KEYS = {"provider", "pattern", "prefilter", "near", "names", "entropy", "source", "checked", "confidence"}


@record
class KeyFormat:
    """How keys of one service look."""

    id: str
    provider: str
    pattern: re.Pattern[str]
    prefilter: tuple[str, ...]
    near: tuple[str, ...]
    names: tuple[str, ...]
    entropy: float


@record
class FoundKey:
    """A key in a text, without its value."""

    format: str
    provider: str
    fingerprint: str
    line: int
    name: str | None


@cache
def key_formats() -> tuple[KeyFormat, ...]:
    """Return the known formats, in the order of the file: the first that fits a text names it."""
    return tuple(format_of(key_id, content) for key_id, content in compiled_agents()["key_formats"].items())


def format_of(key_id: str, content: dict[str, Any]) -> KeyFormat:
    """Return the format with the content of its table. Raises ValueError naming the key at fault."""
    if unknown := set(content) - _KEYS:
        raise ValueError(f"{key_id}: unknown key {min(unknown)!r}")
    if missing := _KEYS - {"near", "names"} - set(content):
        raise ValueError(f"{key_id}: missing key {min(missing)!r}")
    if content["confidence"] not in CONFIDENCES:
        raise ValueError(f"{key_id}: confidence is one of {', '.join(CONFIDENCES)}")
    return KeyFormat(
        id=key_id,
        provider=content["provider"],
        pattern=re.compile(content["pattern"]),
        prefilter=tuple(content["prefilter"]),
        near=tuple(content.get("near", ())),
        names=tuple(content.get("names", ())),
        entropy=float(content["entropy"]),
    )


@cache
def _announcing() -> tuple[bytes, ...]:
    return tuple(sorted({text.encode() for one in key_formats() for text in one.prefilter}))


def keys_in(text: bytes, fingerprints: Fingerprints) -> Iterator[FoundKey]:
    """Yield the keys in a text, each once a line, by line."""
    found = 0
    text = text[:MOST_BYTES]
    whole = text.lower()
    announced = tuple(one for one in _announcing() if one in whole)
    del whole
    if not announced:
        return
    for number, raw in enumerate(text.split(b"\n"), 1):
        lower = raw.lower()
        if not any(one in lower for one in announced):
            continue
        seen: set[str] = set()
        for line in _pieces(raw):
            for one in _in_line(line, number, fingerprints):
                if one.fingerprint in seen:
                    continue  # in the overlap of two pieces
                seen.add(one.fingerprint)
                yield one
                found += 1
                if found >= _MOST_FOUND:
                    return


def _pieces(raw: bytes) -> Iterator[str]:
    for start in range(0, max(1, len(raw) - _OVERLAP), _WINDOW - _OVERLAP):
        yield raw[start : start + _WINDOW].decode("utf-8", "replace")


def _in_line(line: str, number: int, fingerprints: Fingerprints) -> Iterator[FoundKey]:
    lower = line.lower()
    taken: list[tuple[int, int]] = []
    for one in key_formats():
        if not any(text in lower for text in one.prefilter):
            continue
        for match in one.pattern.finditer(line):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            before = line[: match.start()]
            name = _NAME.search(before[-200:])
            if not _confirmed(one, match[0], name[1] if name else None, before, line[match.end() :]):
                continue
            taken.append(match.span())
            named = name[1] if name and name[1].lower() not in ("bearer", "token", "basic") else _name_in(line)
            yield FoundKey(
                format=one.id,
                provider=one.provider,
                fingerprint=fingerprints.of(match[0]),
                line=number,
                name=named,
            )


def _confirmed(one: KeyFormat, value: str, name: str | None, before: str, after: str) -> bool:
    """Tell whether a text in the form of a key is one: random enough and, where the form is common, named so."""
    if is_placeholder(value) or entropy(value) < one.entropy:
        return False
    if not one.near:
        return True
    if not name or (after[:1] not in ("", '"', "'", ",", ";", " ", "\t", "\r", "}", "&", "`")):
        return False
    if not any(char.isdigit() for char in value) or value.isdigit():
        return False
    said = name.lower()
    if said in (one_name.lower() for one_name in one.names):
        return True
    context = before.lower()[-80:]
    return bool(SECRET_NAME.search(name)) and any(word in said or word in context for word in one.near)


def _name_in(line: str) -> str | None:
    found = _ASSIGNED.match(line)
    return found[1] if found else None


def named_secrets(text: bytes, fingerprints: Fingerprints, names: Iterable[str]) -> Iterator[FoundKey]:
    """Yield assignments to these variables whose value is no reference and no placeholder, whatever it looks like."""
    wanted = frozenset(names)
    for number, raw in enumerate(text[:MOST_BYTES].split(b"\n"), 1):
        if b"=" not in raw and b":" not in raw:
            continue
        found = _ASSIGNED.match(raw[:_WINDOW].decode("utf-8", "replace"))
        if found and found[1] in wanted and is_secret(found[1], found[3]):
            yield secret_of(found[1], found[3], fingerprints, number)


def is_secret(name: str, value: str) -> bool:
    """Tell whether a value that stands under a name is a secret written out."""
    value = value.strip()
    if len(value) < 8 or " " in value or is_reference(value) or is_placeholder(value):
        return False
    if re.match(r"[a-z][a-z0-9+.-]*://", value):
        return bool(re.match(r"[a-z][a-z0-9+.-]*://[^/@\s]*:[^/@\s]{3,}@", value))
    if _ABOUT_SECRET.search(name) or re.fullmatch(r"[\d.,]+", value) or re.match(r"[A-Za-z]:\\", value):
        return False
    return bool(SECRET_NAME.search(name)) and not value.startswith(("/", "~", "./", "-----BEGIN PUBLIC"))


def secret_of(name: str, value: str, fingerprints: Fingerprints, line: int = 0) -> FoundKey:
    """Return a secret under a name: of a known format if it has one."""
    value = value.strip()
    for one in key_formats():
        whole = one.pattern.fullmatch(value) if not one.near or name in one.names else None
        if whole:
            return FoundKey(
                format=one.id, provider=one.provider, fingerprint=fingerprints.of(value), line=line, name=name
            )
    provider = next((one.provider for one in key_formats() if name in one.names), "unknown")
    return FoundKey(format="by-name", provider=provider, fingerprint=fingerprints.of(value), line=line, name=name)


def keys_in_environment(variables: dict[str, str], fingerprints: Fingerprints) -> tuple[FoundKey, ...]:
    """Return the keys in an environment, by name of the variable; the values are forgotten here."""
    watched = frozenset(compiled_agents()["key_places"]["variables"])
    found = []
    for name, value in sorted(variables.items()):
        if name in watched and is_secret(name, value):
            found.append(secret_of(name, value, fingerprints))
            continue
        line = f"{name}={value[:_WINDOW]}"
        lower = line.lower().encode("utf-8", "surrogatepass")
        if any(one in lower for one in _announcing()):
            found += _in_line(line, 0, fingerprints)
    return tuple(found)
