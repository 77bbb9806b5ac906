"""A target that somebody wants to add: what they said, made whole and checked, before anything is stored."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from weighbridge.fleet.outbox_events import SEVERITIES, TOPICS
from weighbridge.fleet.target import Destination, Target
from weighbridge.fleet.target_registry import TARGETS
from weighbridge.fleet.target_syslog import host_and_port
from weighbridge.host.outgoing import OutgoingError
from weighbridge.host.outgoing_http import checked, tls_context
from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.nearest import did_you_mean

BY_NAME = ("cef", "syslog")
"""Kinds whose address is HOST:PORT."""


class NewTarget(Struct, forbid_unknown_fields=True, kw_only=True):
    """A target to add."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    kind: Literal["cef", "jira", "otlp", "slack", "splunk", "syslog", "teams", "webhook"]
    address: Annotated[str, Meta(min_length=1, max_length=2000)]
    secret: Annotated[str, Meta(max_length=500)] = ""
    """Token of Splunk, a collector or Jira (Cloud: MAIL:TOKEN), key of a webhook's signature. It is never shown."""
    format: Literal["", "ecs", "ocsf"] = ""
    topics: Annotated[list[Literal["record", "finding", "decision"]], Meta(max_length=3)] = []
    """Empty: what is usual for the kind."""
    severity: Literal["", "info", "low", "medium", "high", "critical"] = ""
    authorities: Annotated[str, Meta(max_length=200_000)] = ""
    """Certificates in PEM that are trusted instead of the system's."""
    since: Annotated[int, Meta(ge=0, le=1 << 45)] | None = None
    """From when on it is sent what is there, in milliseconds since 1970; null: from now on."""
    digest_minutes: Annotated[int, Meta(ge=0, le=10_080)] = 0
    """Chat: at most one message in so many minutes, with all that came meanwhile; 0: one for each."""
    options: Annotated[
        dict[Annotated[str, Meta(max_length=20)], Annotated[str, Meta(max_length=100)]], Meta(max_length=10)
    ] = {}
    """What a kind asks for beside that; /api/v1/exports/kinds lists it."""


class Checked(NamedTuple):
    """A target that can be stored."""

    name: str
    destination: Destination
    shown_address: str
    topics: tuple[str, ...]
    severity: str
    digest_minutes: int


def checked_target(wanted: NewTarget, secret: str) -> Checked:
    """Return a target that can be stored.

    Whether its address may be reached is seen when it is: names change.

    Args:
        wanted: what was said.
        secret: the one that was given or made.

    Raises:
        WeighbridgeError: `E-export`, it cannot be one.
    """
    kind = TARGETS[wanted.kind]
    name = wanted.name.strip()
    if not name or not name.isprintable():
        raise _refused("a target has a name", "say in visible characters what it is")
    if kind.needs_secret and not secret:
        raise _refused(f"{kind.title} needs a secret", "give the token that the receiver knows")
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise _refused("a secret is ASCII without spaces", "copy it again, without line ends")
    if wanted.format and wanted.format not in kind.formats:
        raise _refused(f"{kind.title} has no choice of formats", "leave `format` out")
    if wanted.digest_minutes and kind.digest is None:
        raise _refused(f"{kind.title} takes no digests", "only messages for people are put together")
    options = _checked_options(kind, wanted.options)
    try:
        if wanted.kind in BY_NAME:
            host, port = host_and_port(wanted.address)
            shown = f"{f'[{host}]' if ':' in host else host}:{port}"
        else:
            parts = checked(wanted.address)
            origin = f"{parts.scheme}://{parts.netloc}"
            # A query often holds a key, the path of a chat's webhook is one.
            shown = origin + ("/…" if kind.secret_in_address else parts.path) + ("?…" if parts.query else "")
        if wanted.authorities:
            tls_context(wanted.authorities)
    except OutgoingError as error:
        raise _refused(str(error), f"such an address looks like {kind.address}") from None
    return Checked(
        name=name,
        destination=Destination(
            address=wanted.address.strip(),
            secret=secret,
            format=wanted.format or (kind.formats[0] if kind.formats else "ocsf"),
            authorities=wanted.authorities,
            options=options,
        ),
        shown_address=shown,
        topics=tuple(one for one in TOPICS if one in (wanted.topics or kind.topics)),
        severity=wanted.severity if wanted.severity in SEVERITIES else kind.severity,
        digest_minutes=wanted.digest_minutes,
    )


def _checked_options(kind: Target, wanted: Mapping[str, str]) -> dict[str, str]:
    for name, value in wanted.items():
        option = kind.options.get(name)
        if option is None:
            raise _refused(f"{kind.title} has no option `{name}`", did_you_mean(name, kind.options))
        if value and not re.fullmatch(option.pattern, value):
            raise _refused(f"`{value}` is no value of the option `{name}`", option.about)
    found = {name: wanted.get(name) or option.usual for name, option in kind.options.items()}
    missing = next((name for name, option in kind.options.items() if option.needed and not found[name]), None)
    if missing:
        raise _refused(f"{kind.title} needs the option `{missing}`", kind.options[missing].about)
    return {name: value for name, value in found.items() if value}


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-export", message, hint)
