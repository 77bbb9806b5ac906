"""What people do to targets, for the API, the console and the command line alike; each is one entry of the trail."""

import secrets

from sqlalchemy import Connection

from weighbridge.fleet import audit, dead_letters, export_targets, tickets
from weighbridge.fleet.export_shown import ShownTarget, one_target, shown, there
from weighbridge.fleet.new_target import NewTarget, checked_target
from weighbridge.fleet.permissions import Viewer


def add(connection: Connection, now: int, who: Viewer | None, wanted: NewTarget, secret: str) -> ShownTarget:
    """Add a target within a write. Raises WeighbridgeError `E-export`.

    Args:
        connection: of the write.
        now: milliseconds since 1970.
        who: adds it; None for whoever has the server's machine.
        wanted: as it was said.
        secret: the one that was given or made.
    """
    checked = checked_target(wanted, secret)
    target = export_targets.add(
        connection,
        now,
        checked.destination,
        name=checked.name,
        kind=wanted.kind,
        shown_address=checked.shown_address,
        topics=checked.topics,
        severity=checked.severity,
        since=wanted.since,
        digest_minutes=checked.digest_minutes,
    )
    chosen = {"name": target.name, "kind": target.kind, "address": target.shown_address, "topics": target.topics}
    audit.note(connection, now, who, "export.add", target.target_id, chosen)
    return shown(connection, target)


def made_secret(wanted: NewTarget) -> str | None:
    """Return a new secret where one is needed that both sides can take from here; None where one was given."""
    return f"whsec_{secrets.token_urlsafe(32)}" if wanted.kind == "webhook" and not wanted.secret else None


def pause(connection: Connection, now: int, who: Viewer | None, target_id: str, *, paused: bool) -> None:
    """Stop sending, or go on. Raises RefusedError, 404."""
    there(connection, target_id)
    export_targets.pause(connection, now, target_id, paused=paused)
    audit.note(connection, now, who, "export.change", target_id, {"paused": paused})


def set_secret(connection: Connection, now: int, who: Viewer | None, target_id: str, secret: str) -> None:
    """Give a target another secret. Raises RefusedError, 404."""
    there(connection, target_id)
    export_targets.set_secret(connection, now, target_id, secret)
    audit.note(connection, now, who, "export.change", target_id, {"secret": "another"})


def remove(connection: Connection, now: int, who: Viewer | None, target_id: str) -> None:
    """Remove a target, its secret, its dead letters and what is known of its tickets. Raises RefusedError, 404."""
    target = there(connection, target_id)
    dead_letters.forget(connection, target_id)
    tickets.forget(connection, target_id)
    export_targets.remove(connection, target_id)
    audit.note(connection, now, who, "export.remove", target_id, {"name": target.name})


def retry(connection: Connection, now: int, target_id: str) -> None:
    """Try a target at once. Raises RefusedError, 404."""
    there(connection, target_id)
    export_targets.retry(connection, now, target_id)


def replay(connection: Connection, now: int, who: Viewer | None, target_id: str, since: int) -> int:
    """Send everything again from a time on; return how many rows. Raises RefusedError, 404."""
    there(connection, target_id)
    rows = export_targets.replay(connection, now, target_id, since)
    audit.note(connection, now, who, "export.replay", target_id, {"since": since, "rows": rows})
    return rows


def send_letters(connection: Connection, now: int, who: Viewer | None, target_id: str) -> int:
    """Send what a target refused again; return how many rows. Raises RefusedError, 404."""
    there(connection, target_id)
    rows = dead_letters.send_again(connection, target_id)
    export_targets.retry(connection, now, target_id)
    audit.note(connection, now, who, "export.replay-dead-letters", target_id, {"rows": rows})
    return rows


def drop_letters(connection: Connection, now: int, who: Viewer | None, target_id: str) -> int:
    """Give up what a target refused; return how many rows. Raises RefusedError, 404."""
    rows = one_target(connection, target_id).dead_letters
    dead_letters.forget(connection, target_id)
    audit.note(connection, now, who, "export.drop-dead-letters", target_id, {"rows": rows})
    return rows
