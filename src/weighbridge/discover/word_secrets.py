"""Secrets in commands and addresses, for the search for keys: the counterpart of `masking.py`, for this room only."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from weighbridge.discover.keys import is_secret
from weighbridge.discover.masking import MASK, SECRET_NAME, is_placeholder, is_reference, masked_url

_PAIR = re.compile(r"^(?:--?)?([A-Za-z_][\w.-]{0,100})(?:=|:\s?)(.+)$", re.DOTALL)
_FLAG = re.compile(r"^--?([A-Za-z][\w.-]*)$")
_AUTHORIZATION = re.compile(r"(?i)\b(?:bearer|basic|token)\s+([A-Za-z0-9._~+/=-]{8,})")
_INLINE = re.compile(r"""(?i)([\w.-]*(?:token|secret|passw\w*|api[_-]?key)[\w.-]*)\s*[=:]\s*["']?([^\s"',;&|]{8,})""")


def secrets_in_words(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield name and value of what looks secret among the arguments of a command."""
    flag = ""
    for word in words[1:200]:
        if flag:
            if is_secret(f"{flag}_token", word):
                yield flag, word
            flag = ""
            continue
        named = _FLAG.match(word)
        if named:
            flag = named[1] if SECRET_NAME.search(named[1]) else ""
            continue
        pair = _PAIR.match(word) if "://" not in word.partition("=")[0] else None
        header = _AUTHORIZATION.search(word)
        if header:
            if not is_reference(header[1]) and not is_placeholder(header[1]):
                yield "Authorization", header[1]
        elif pair and SECRET_NAME.search(pair[1]) and is_secret(pair[1], pair[2]):
            yield pair[1], pair[2]
        elif "://" in word:
            yield from secrets_in_url(word[word.find("://") - 20 if word.find("://") > 20 else 0 :])
        elif " " in word:
            for found in _INLINE.finditer(word):
                if is_secret(found[1], found[2]):
                    yield found[1], found[2]


def secrets_in_url(url: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of what looks secret in an address: password, parameters, a random part of the path."""
    rest = url.partition("://")[2]
    authority, _, path = rest.partition("/")
    at = authority.rpartition("@")[0]
    password = at.partition(":")[2] or (at if len(at) >= 16 else "")
    if password and not is_reference(password) and not is_placeholder(password):
        yield "password in the address", unquote(password)
    path, _, query = path.partition("?")
    for part in query.partition("#")[0].split("&"):
        name, _, value = part.partition("=")
        if value and is_secret(name, unquote(value)):
            yield name, unquote(value)
    for part in path.split("/"):
        if masked_url(f"x://x/{part}") == f"x://x/{MASK}":
            yield "part of the address", part
