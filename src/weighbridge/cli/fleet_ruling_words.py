"""What commands about revocations and exceptions say alike: what a digest touches, states, and what people sign."""

import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from weighbridge.report.escape import visible
from weighbridge.report.words import counted

if TYPE_CHECKING:
    from weighbridge.cli.screen import Screen
    from weighbridge.fleet.exceptions import Excepted
    from weighbridge.fleet.revocation_touch import Touched
    from weighbridge.fleet.revocations import Revocation
    from weighbridge.fleet.ruling_signing import RoleState, ToSign

_SHOWN = 20


def touched_lines(found: "Touched") -> Iterator[str]:
    """Yield what a digest touches, for people."""
    yield f"model      {found.sha256}"
    if not found.places and not found.runs:
        yield "known      nobody ever saw it here; a revocation waits for it"
    had = f", {found.gone:,} had it" if found.gone else ""
    yield f"endpoints  {found.endpoints:,} {'has' if found.endpoints == 1 else 'have'} it{had}"
    for one in found.places[:_SHOWN]:
        where = counted(one.places, "file") if one.places else "gone"
        owner = visible(one.owner, 24) or "-"
        yield f"  {visible(one.name or one.endpoint_id, 24):<24}  {owner:<16}  {where:<8}  {visible(one.path, 60)}"
    if found.endpoints + found.gone > _SHOWN:
        yield f"  and {found.endpoints + found.gone - _SHOWN:,} more"
    yield f"processes  {found.running:,} {'runs' if found.running == 1 else 'run'} it, {found.ran:,} did"
    for run in found.runs[:_SHOWN]:
        state = "running" if run.ended_at is None else "ended"
        who = visible(run.agent or run.actor, 16) or "-"
        user = visible(run.user, 16) or "-"
        yield f"  {visible(run.endpoint, 24):<24}  {user:<16}  {state:<8}  {visible(run.name, 40)}  {who}"
    people = ", ".join(visible(one.name, 24) for one in found.people[:_SHOWN])
    yield f"people     {people or 'nobody is named'}"
    named = ", ".join(visible(one.name or one.path, 40) for one in found.mentions[:_SHOWN])
    yield f"releases   {named or 'none is known here'}"


def revocation_state(one: "Revocation") -> str:
    """Return in words how far a revocation is."""
    if one.lifted_at is not None:
        return "taken back" if one.settled_at is not None else "taken back here; endpoints refuse it until people sign"
    if one.signed_at is not None:
        return "in force"
    return "in force, signed in haste" if one.urgent_at is not None else "waits for signatures"


def exception_state(one: "Excepted", now: int) -> str:
    """Return in words how far an exception is."""
    if one.state != "granted":
        return one.state
    if not one.holds(now):
        return "ended"
    return "in force" if one.signed_at is not None else "granted, waits for signatures"


def role_lines(roles: "list[RoleState]") -> Iterator[str]:
    """Yield how far people are with signing."""
    if not roles:
        yield "signers    nobody yet: wb fleet policy root, then wb fleet policy delegate"
    for one in roles:
        what = f"text {one.number} until {one.expires}" if one.number else "nothing signed yet"
        waits = f"; {counted(one.waiting, 'decision')} not signed yet" if one.waiting else ""
        yield f"signers    {one.threshold} of {one.signers} for {one.role}: {what}{waits}"


def write_ruling(screen: "Screen", made: "ToSign", output: str) -> None:
    """Write what people sign of a role now, and what it says, and say what comes next."""
    text = f"{output.removesuffix('.sign.json').removesuffix('.json')}.text.json"
    screen.write_file(os.path.abspath(text), made.text)
    screen.write_file(os.path.abspath(output), made.metadata)
    screen.say(f"✓ {made.role} {made.number} written to {output}; {text} is what it says", "success")
    screen.say(f"→ sign     wb fleet policy sign {output} --text {text} --key YOUR-KEY   (each person)", "hint")


def as_json(screen: "Screen", found: Any) -> None:  # noqa: ANN401  (structs)
    """Write something as JSON."""
    import msgspec

    screen.data(json.dumps(msgspec.to_builtins(found), indent=2) + "\n")
