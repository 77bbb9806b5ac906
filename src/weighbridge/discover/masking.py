"""Commands and addresses without the secrets in them.

What looks like a secret by its name, its place or its look is replaced by `***`. Too much is masked rather than too
little: a person knows the command, and a report that shows one password is worse than one that hides a hash.
"""

import re
from collections.abc import Sequence
from math import log2

MASK = "***"
_LONGEST = 4096
SECRET_NAME = re.compile(
    r"(?i)(?:api|access|auth|private|secret|signing|encryption|bearer|session|client|admin|master|service)[_.-]?(?:key|token|secret)"
    r"|token|secret|passw|passphrase|pwd|credential|dsn|apikey|(?:^|[_.-])key$|(?:^|[_.-])pat$|(?:^|[_.-])pass$|authorization"
    r"|cookie|connection[_.-]?string|database[_.-]?ur[il]|webhook"
)
"""Names of variables, arguments and headers that hold secrets."""
_FLAG = re.compile(r"^--?[A-Za-z][\w.-]*$")
_PAIR = re.compile(r"^(--?)?([A-Za-z_][\w.-]{0,100})(=|:\s?)(.+)$", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s\"'<>`|;()]+")
_AUTHORIZATION = re.compile(r"(?i)\b(bearer|basic|token|digest)\s+[A-Za-z0-9._~+/=-]{6,}")
_INLINE = re.compile(
    r"""(?i)([\w.-]*(?:authorization|cookie|token|secret|passw\w*|pwd|api[_-]?key|credential)[\w.-]*["']?\s*[=:]\s*)(?!(?:bearer|basic|token|digest)\s)(["']?)([^\s"',;&|]+)\2"""
)
_WORD = re.compile(r"[A-Za-z0-9_+/=.~-]{16,}")
_DIGEST = re.compile(r"^(?:sha(?:256|512|1)[:-])?(?:[0-9a-f]{64}|[0-9a-f]{40})$")
_UUID = re.compile(r"^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])(?:sk|pk|rk|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abprs]|hf|gsk|pplx|r8|nvapi|lsv2|pcsk|dapi|AIza|AKIA|ASIA"
    r"|ya29|eyJ|npm_|pypi|dop_v1|shpat|sq0atp|tvly|csk|fw|xai|ABSK|ops_|figd|ntn|lin_api|AGE-SECRET-KEY)[-_.]?[A-Za-z0-9_\-.+/=]{12,}"
)


def masked_words(words: Sequence[str]) -> tuple[str, ...]:
    """Return program and arguments with what looks secret masked."""
    shown: list[str] = []
    hide_next = False
    for position, word in enumerate(words[:200]):
        word = word[:_LONGEST]
        if hide_next and not (_FLAG.match(word) and len(word) < 20):
            shown.append(_hidden_value(word))
            hide_next = False
            continue
        hide_next = bool(_FLAG.match(word)) and bool(SECRET_NAME.search(word))
        shown.append(word if position == 0 and not _URL.search(word) else masked_text(word))
    return tuple(shown)


def _hidden_value(word: str) -> str:
    """Return a reference to a variable as it is, everything else masked."""
    return word if is_reference(word) else MASK


def masked_text(text: str) -> str:
    """Return a text, a shell command for example, with what looks secret masked."""
    text = text[:_LONGEST]
    pair = _PAIR.match(text)
    if pair and SECRET_NAME.search(pair[2]) and not _SCHEME.match(text):
        return f"{pair[1] or ''}{pair[2]}{pair[3]}{_hidden_value(pair[4])}"
    pieces, place = [], 0
    for url in _URL.finditer(text):
        pieces += [_masked_plain(text[place : url.start()]), masked_url(url[0])]
        place = url.end()
    return "".join([*pieces, _masked_plain(text[place:])])


def _masked_plain(text: str) -> str:
    text = _AUTHORIZATION.sub(lambda found: f"{found[1]} {MASK}", text)
    text = _INLINE.sub(
        lambda found: found[0] if is_reference(found[3]) else f"{found[1]}{found[2]}{MASK}{found[2]}", text
    )
    text = _PREFIXED.sub(lambda found: MASK if _is_made(found[0]) else found[0], text)
    return _WORD.sub(lambda found: MASK if looks_random(found[0]) else found[0], text)


def masked_key(path: str) -> str:
    """Return a path of configuration keys, `/` between them, with what looks secret masked in each."""
    return "/".join(masked_text(name) for name in path.split("/"))


def masked_url(url: str) -> str:
    """Return a URL without its user, password, parameter values, fragment and random parts of its path."""
    scheme, _, rest = url[:_LONGEST].partition("://")
    rest, query_mark, query = rest.partition("?")
    rest = rest.partition("#")[0]
    authority, slash, path = rest.partition("/")
    at = authority.rfind("@")
    if at >= 0:
        authority = f"{MASK}@{authority[at + 1 :]}"
    names = [part.partition("=")[0] for part in query.partition("#")[0].split("&") if part]
    shown = "&".join(MASK if _looks_secret(name) else f"{name}={MASK}" for name in names)
    segments = (MASK if _looks_secret(part) else part for part in path.split("/"))
    return f"{scheme}://{authority}{slash}{'/'.join(segments)}{query_mark}{shown}"


_REFERENCE = re.compile(
    r"^(?:(?:Bearer|Basic|token)\s+)?(?:\$\{[^}]{1,200}\}|\$[A-Za-z_]\w*|\$\([^)]{1,200}\)|%[A-Za-z_]\w*%|\{\{[^}]{1,200}\}\}|!.{0,200}|op://.{1,200}"
    r"|\{(?:env|file):[^}]{1,200}\})$"
)
_EMPTY = re.compile(
    r"(?i)^(?:|x{3,}|\*{3,}|\.{3,}|null|none|true|false|yes|no|changeme|change[-_ ]me|todo|secret|password|token|dummy"
    r"|example|not[-_ ]?needed|no[-_ ]?key|ollama|lm-studio|local|empty|test|<.*>|\[.*\]|your[-_ ].*"
    r"|.*[-_ ](?:here|placeholder)|insert.*|replace.*"
    r"|sk-(?:x+|\.+|your.*)|.*(?:xxxx|\.\.\.|\*{4}|\u2022{4}|\u2026|1234567890abcdef).*)$"
)
_SAYING = (
    "an any anything api apikey change changeme demo dummy dev example fake fill foo for here in insert is key keys lm",
    "local localhost me mock my need needed no none not nothing null ollama or placeholder proj put real redacted",
    "required sample secret set sk some string studio test testing the this to token unused use used value vllm your",
)
_SAID = frozenset(word for line in _SAYING for word in line.split())
"""Words of which people make values where a program wants a key and a server of their own asks for none."""


def is_reference(value: str) -> bool:
    """Tell whether a value only says where the secret is: a variable, an input, an entry of a vault."""
    return bool(_REFERENCE.match(value.strip()))


def is_placeholder(value: str) -> bool:
    """Tell whether a value holds the place of a secret in an example."""
    value = value.strip()[:200]
    return bool(_EMPTY.match(value)) or all(word in _SAID for word in re.split(r"[-_ .]+", value.lower()))


def _looks_secret(word: str) -> bool:
    found = _PREFIXED.search(word)
    mixed = len(word) >= 20 and word.isalnum() and word not in (word.lower(), word.upper()) and entropy(word) >= 3.5
    return mixed or looks_random(word) or bool(found and _is_made(found[0]))


def _is_made(word: str) -> bool:
    """Tell whether what has a key's beginning was made by a generator, not by a person (`npm-check-updates`)."""
    mixed = word != word.lower() and word != word.upper()
    return entropy(word) >= 3.0 and (sum(char.isdigit() for char in word) >= 2 or (mixed and len(word) >= 24))


def looks_random(word: str) -> bool:
    """Tell whether a word looks made by a generator: long, mixed, without the shape of a name, path or digest."""
    if len(word) < 16 or _DIGEST.match(word.lower()):
        return False
    if _UUID.match(word):
        return True
    body = re.sub(r"[-_./=+~]", "", word)
    digits = sum(char.isdigit() for char in body)
    if len(body) < 16 or digits < 2 or digits == len(body):
        return False
    parts = re.split(r"[-_./=+~]", word)
    if max(map(len, parts)) < 12:
        return False
    return entropy(max(parts, key=len)) >= 3.0


def entropy(text: str) -> float:
    """Return bits per character, from how often each occurs."""
    counts = [text.count(char) for char in set(text)]
    return -sum(count / len(text) * log2(count / len(text)) for count in counts) if text else 0.0
