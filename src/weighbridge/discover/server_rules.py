"""The rules of `server_rules.toml`: which listeners are asked who they are, within what limits; what libraries say."""

from fnmatch import fnmatchcase
from functools import cache, lru_cache

from weighbridge.discover.compiled import compiled_runtimes
from weighbridge.model.record import record


@record
class ServerRules:
    """How listeners are asked."""

    never_call: frozenset[str]
    seconds: float
    body_bytes: int
    questions: int
    failures: int
    listener_seconds: float
    """For one listener."""
    look_seconds: float
    """For all of one look; no listener is begun later."""
    at_once: int
    """Listeners that are asked at a time."""
    left_alone_programs: frozenset[str]
    """Lower case, without `.exe`."""
    left_alone_accounts: frozenset[str]
    left_alone_ports: frozenset[int]
    forwarders: frozenset[str]
    """Programs that lead to containers of this machine."""
    forwarder_headers: frozenset[str]
    """Server headers of proxies, lower case, without a version."""
    libraries: tuple[tuple[str, tuple[str, ...]], ...]
    """Patterns by what they are worth, the strongest first."""


@cache
def server_rules() -> ServerRules:
    """Return the rules."""
    content = compiled_runtimes()["rules"]
    limits, alone = content["limits"], content["left_alone"]
    return ServerRules(
        never_call=frozenset(content["never_call"]),
        seconds=limits["seconds"],
        body_bytes=limits["body_bytes"],
        questions=limits["questions"],
        failures=limits["failures"],
        listener_seconds=limits["listener_seconds"],
        look_seconds=limits["look_seconds"],
        at_once=limits["at_once"],
        left_alone_programs=frozenset(name.lower() for name in alone["programs"]),
        left_alone_accounts=frozenset(alone["accounts"]),
        left_alone_ports=frozenset(alone["ports"]),
        forwarders=frozenset(content["forwarders"]["programs"]),
        forwarder_headers=frozenset(content["forwarders"]["headers"]),
        libraries=tuple((grade, tuple(content["libraries"][grade])) for grade in ("strong", "medium", "weak")),
    )


# A machine maps the same few thousand libraries into all its processes.
@lru_cache(maxsize=16_384)
def library_grade(path: str) -> str | None:
    """Return what a mapped library of this path says of its process: `strong`, `medium` or `weak`; None for nothing."""
    for grade, patterns in server_rules().libraries:
        if any(fits(path, pattern) for pattern in patterns):
            return grade
    return None


def fits(path: str, pattern: str) -> bool:
    """Return whether a path fits a pattern: the whole path if the pattern has a slash, else its last part."""
    path = path.replace("\\", "/")
    return fnmatchcase(path if "/" in pattern else path.rpartition("/")[2], pattern)
