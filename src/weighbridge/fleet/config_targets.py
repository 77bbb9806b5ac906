"""Targets of exports in files. Secrets stand elsewhere: a file names the variable or the file that holds one.

A target is named by its name, so in a fleet that is managed by files no two are called alike. What a file leaves out is
what is usual for its kind.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import export_changes, export_targets
from weighbridge.fleet.config_section import Body, Reference, Section, Work, refused
from weighbridge.fleet.export_targets import ExportTarget
from weighbridge.fleet.new_target import Checked, NewTarget, checked_target
from weighbridge.fleet.target_registry import TARGETS
from weighbridge.policy.nearest import did_you_mean

_PLACEHOLDER = "x" * 8
"""Stands for a secret where only what is not secret is looked at."""
_UNSEEN_ADDRESS = "https://placeholder.example/x"


class TargetItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One target."""

    name: Annotated[str, Meta(min_length=1, max_length=128)]
    kind: str
    address: str | Reference
    """Of chat, where whoever knows it may write, a reference."""
    secret: Reference | None = None
    authorities: Reference | None = None
    """Certificates in PEM that are trusted instead of the system's."""
    format: str = ""
    topics: list[str] = []
    severity: str = ""
    digest_minutes: int = 0
    options: dict[str, str] = {}
    paused: bool = False


def _wanted(item: TargetItem, address: str, secret: str, authorities: str) -> NewTarget:
    if item.kind not in TARGETS:
        raise refused(f"there is no kind of target called `{item.kind[:40]}`", did_you_mean(item.kind, TARGETS))
    names = ("name", "kind", "format", "topics", "severity", "digest_minutes", "options")
    said = {name: getattr(item, name) for name in names}
    try:
        return msgspec.convert(said | {"address": address, "secret": secret, "authorities": authorities}, NewTarget)
    except msgspec.ValidationError as error:
        raise refused(f"this is no target: {error}", "`wb fleet target kinds` shows what there can be") from None


def _checked(item: TargetItem) -> Checked:
    """Return what an item says beside its secrets. Raises WeighbridgeError."""
    address = item.address if isinstance(item.address, str) else _UNSEEN_ADDRESS
    needs = item.kind in TARGETS and TARGETS[item.kind].needs_secret
    return checked_target(_wanted(item, address, "", ""), _PLACEHOLDER if needs else "")


def _key(item: TargetItem) -> str:
    if isinstance(item.address, str) and item.kind in TARGETS and TARGETS[item.kind].secret_in_address:
        hint = "write `address: {env: VARIABLE}` or `{file: PATH}`"
        raise refused(f"the address of {item.kind} is a secret and stands in no file", hint)
    return _checked(item).name


def _body(item: TargetItem) -> Body:
    checked = _checked(item)
    body: Body = {
        "kind": item.kind,
        "format": checked.destination.format,
        "topics": list(checked.topics),
        "severity": checked.severity,
        "digest_minutes": checked.digest_minutes,
        "options": dict(sorted(checked.destination.options.items())),
        "paused": item.paused,
    }
    return body | ({"address": checked.shown_address} if isinstance(item.address, str) else {})


def _read(connection: Connection) -> dict[str, Body]:
    return {one.name: _held(one) for one in export_targets.listed(connection)}


def _held(one: ExportTarget) -> Body:
    return {
        "kind": one.kind,
        "address": one.shown_address,
        "format": one.format,
        "topics": list(one.topics),
        "severity": one.severity,
        "digest_minutes": one.digest_minutes,
        "options": dict(sorted(one.options.items())),
        "paused": one.paused,
    }


class _Secrets(Struct, frozen=True, kw_only=True):
    """What an item refers to; None where nothing is there now."""

    address: str | None
    secret: str | None
    authorities: str | None


def _found(work: Work, item: TargetItem) -> _Secrets:
    return _Secrets(
        address=item.address if isinstance(item.address, str) else work.secret(item.address),
        secret="" if item.secret is None else work.secret(item.secret),
        authorities="" if item.authorities is None else work.secret(item.authorities),
    )


def _hidden(connection: Connection, work: Work, item: TargetItem) -> tuple[str, ...]:
    """Name the secrets that are others than those that are stored; one that is not there now stays as it is."""
    (target, *_) = export_targets.by_name(connection, _checked(item).name)
    held = export_targets.destination_of(connection, target)
    if held is None:
        return ()
    found = _found(work, item)
    pairs: list[tuple[str, Any, str | None, str]] = [
        ("address", item.address, found.address, held.address),
        ("secret", item.secret, found.secret, held.secret),
        ("authorities", item.authorities, found.authorities, held.authorities),
    ]
    return tuple(name for name, said, now, stored in pairs if said is not None and now is not None and now != stored)


def _write(connection: Connection, work: Work, item: TargetItem) -> None:
    found, name = _found(work, item), _checked(item).name
    there = export_targets.by_name(connection, name)
    if len(there) > 1:
        raise refused(f"{len(there)} targets are called `{name}`", "remove all but one: `wb fleet target remove ID`")
    held = export_targets.destination_of(connection, there[0]) if there else None
    if held is not None and there[0].kind != item.kind:
        export_changes.remove(connection, work.now, work.who, there[0].target_id)
        held = None
    address = found.address if found.address is not None else held.address if held else None
    secret = found.secret if found.secret or not held else held.secret
    authorities = found.authorities if found.authorities is not None else held.authorities if held else None
    if address is None or secret is None or authorities is None:
        missing = "address" if address is None else "secret" if secret is None else "authorities"
        where = getattr(item, missing)
        raise refused(
            f"the {missing} of `{name}` is not in {f'the variable {where.env}' if where.env else where.file}",
            "set it where the files are applied",
        )
    wanted = _wanted(item, address, secret, authorities)
    if held is None:
        given = secret or export_changes.made_secret(wanted) or ""
        target_id = export_changes.add(connection, work.now, work.who, wanted, given).target_id
    else:
        target_id = there[0].target_id
        checked = checked_target(wanted, secret)
        export_targets.replace(
            connection,
            work.now,
            target_id,
            checked.destination,
            shown_address=checked.shown_address,
            topics=checked.topics,
            severity=checked.severity,
            digest_minutes=checked.digest_minutes,
        )
    if item.paused != (held is not None and there[0].paused):
        export_targets.pause(connection, work.now, target_id, paused=item.paused)


def _remove(connection: Connection, work: Work, key: str) -> None:
    for one in export_targets.by_name(connection, key):
        export_changes.remove(connection, work.now, work.who, one.target_id)


def _shown(key: str, body: Body) -> Body:
    kind = TARGETS[body["kind"]]
    usual: Body = {
        "format": kind.formats[0] if kind.formats else "ocsf",
        "topics": list(kind.topics),
        "severity": kind.severity,
        "digest_minutes": 0,
        "options": {},
        "paused": False,
    }
    variable = f"WEIGHBRIDGE_TARGET_{''.join(one if one.isalnum() and one.isascii() else '_' for one in key).upper()}"
    shown: Body = {"name": key, "kind": body["kind"], "address": body["address"]}
    if kind.secret_in_address or "…" in body["address"]:
        shown["address"] = {"env": f"{variable}_ADDRESS"}
    if kind.needs_secret:
        shown["secret"] = {"env": f"{variable}_SECRET"}
    return shown | {name: value for name, value in body.items() if name in usual and value != usual[name]}


SECTION = Section(
    name="targets",
    about="What other products are told; secrets stand in variables or files that this names.",
    item=TargetItem,
    key=_key,
    body=_body,
    read=_read,
    write=_write,
    remove=_remove,
    hidden=_hidden,
    shown=_shown,
)
