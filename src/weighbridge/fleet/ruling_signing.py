"""From what was decided here to what endpoints believe: texts for people to sign, and what the key for haste signs.

A decision has its effect on this server at once. An endpoint believes it when enough of those who may have signed it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, exceptions, policy_repository, policy_versions, revocations, rulings
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.rulings import Published
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import described, new_targets
from weighbridge.sync.ruling_metadata import role_of
from weighbridge.sync.rulings import (
    CATALOG,
    EXCEPTIONS,
    REVOCATIONS,
    ROLES,
    URGENT,
    RevokedModel,
    exceptions_text,
    read_exceptions,
    read_revocations,
    revocations_text,
)

SIGNED_BY_PEOPLE = (REVOCATIONS, EXCEPTIONS)
"""The texts that are made here. That of the catalog is made by the hub: `hub/catalog_signing.py`."""


class ToSign(Struct, frozen=True, kw_only=True):
    """What people are to sign, and what it says."""

    role: str
    number: int
    metadata: str
    """To be signed."""
    text: str
    """What it is about, to be read before."""


class RoleState(Struct, frozen=True, kw_only=True):
    """How far one role is."""

    role: str
    number: int
    """Of the newest text that was signed; 0 if there is none."""
    signers: int
    """Whose keys count."""
    threshold: int
    """How many of them must sign."""
    expires: str
    """Day; empty if there is none."""
    waiting: int
    """Decisions that no endpoint can know of before people sign."""


def make(connection: Connection, now: int, role: str) -> ToSign:
    """Draft what stands for one role now, for people to sign. Within a write.

    Raises:
        WeighbridgeError: `E-ruling`: it is no role that people sign, or there is more than a text may hold.
    """
    if role not in SIGNED_BY_PEOPLE:
        raise WeighbridgeError("E-ruling", f"people do not sign {role[:40]}", f"one of {', '.join(SIGNED_BY_PEOPLE)}")
    number = rulings.next_number(connection, role)
    content = _text(connection, now, role, number)
    metadata = rulings.draft(connection, now, role, content)
    return ToSign(role=role, number=number, metadata=metadata.decode(), text=content.decode())


def publish(connection: Connection, now: int, who: Viewer | None, signed: bytes) -> Published:
    """Take a text that enough people signed: endpoints get it with their next message.

    Raises:
        WeighbridgeError: see `rulings.publish`.
    """
    done = rulings.publish(connection, now, signed)
    if done.role == EXCEPTIONS:
        exceptions.note_signed(connection, now, read_exceptions(done.content).exceptions)
    elif done.role != CATALOG:
        models = read_revocations(done.content, done.role).revoked
        revocations.note_signed(connection, now, models, in_haste=done.role == URGENT)
    audit.note(connection, now, who, "ruling.publish", f"{done.role} {done.number}")
    return done


def hurry(connection: Connection, now: int) -> int:
    """Sign what was revoked and people have not signed yet with this server's own key, if people named it for that.

    Returns:
        The number of the new text; 0 if nobody named this server's key, or nothing is new.
    """
    if not rulings.is_signed_here(connection, URGENT):
        return 0
    before = rulings.current(connection, URGENT)
    known = set() if before is None else {one.id for one in read_revocations(before.content, URGENT).revoked}
    # What people signed or took back needs no haste; endpoints keep what they were told until then.
    models = [revocations.ruling_of(one) for one in revocations.active(connection) if one.signed_at is None]
    if {one.id for one in models} <= known:
        return 0
    return _sign_urgent(connection, now, models)


def renew_urgent(connection: Connection, now: int) -> bool:
    """Sign anew what was revoked in haste, before it runs out; return whether it was time."""
    before = rulings.current(connection, URGENT)
    if before is None or not rulings.runs_out(connection, now, URGENT):
        return False
    _sign_urgent(connection, now, read_revocations(before.content, URGENT).revoked)
    return True


def delegate(connection: Connection, now: int, single: Mapping[str, bool]) -> bytes:
    """Return the list of policies with who may sign rulings in it, for people to sign. Within a write.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        single: whether this server's own key alone is to sign a role from now on, `URGENT` or `CATALOG`; those that
            are not named stay as before.

    Raises:
        WeighbridgeError: `E-policy-signatures`: nobody was named yet who signs policies.
    """
    listed = policy_repository.targets(connection)
    if policy_repository.root(connection) is None:
        raise WeighbridgeError(
            "E-policy-signatures", "nobody was named yet who signs policies", "`wb fleet policy root` comes first"
        )
    roles = rulings.delegations(connection, single)
    at = datetime.fromtimestamp(now / 1000, UTC)
    numbers = [] if listed is None else [one.number for one in described(listed).policies]
    policies = policy_versions.bundles(connection, numbers)
    return new_targets(policy_repository.next_targets(connection), policies, at, roles)


def take_delegation(connection: Connection, now: int, who: Viewer | None, signed: bytes) -> str:
    """Take a list of policies that changes only who may sign rulings; return that in words.

    Raises:
        WeighbridgeError: `E-policy-signatures`, `E-policy-metadata`; `E-ruling`: it lists other policies than before.
    """
    before = policy_repository.targets(connection)
    known = () if before is None else described(before).policies
    if described(signed).policies != known:
        raise WeighbridgeError(
            "E-ruling", "the list names other policies than those that are published", "`wb fleet policy publish`"
        )
    policy_repository.add_targets(connection, now, signed)
    words = in_words(connection)
    audit.note(connection, now, who, "ruling.delegate", words)
    return words


def take(connection: Connection, now: int, who: Viewer | None, signed: bytes) -> str:
    """Take what people signed if it is of rulings, or of who signs them; return that in words, else nothing.

    Raises:
        WeighbridgeError: as `publish` and `take_delegation`.
    """
    if role_of(signed):
        done = publish(connection, now, who, signed)
        return f"{done.role} {done.number} are published; endpoints get them with their next message"
    said = described(signed)
    newest = policy_versions.in_force(connection)
    if said.kind != "targets" or any(one.number > newest for one in said.policies):
        return ""
    return f"from now on sign: {take_delegation(connection, now, who, signed)}"


def in_words(connection: Connection) -> str:
    """Return who may sign which rulings."""
    found = rulings.signers(connection)
    said = [
        f"{found[role][1]} of {len(found[role][0])} for {role}" for role in ROLES if role in found and role != URGENT
    ]
    if URGENT in found:
        said.append("one key for what is urgent")
    return ", ".join(said)


def states(connection: Connection, now: int) -> list[RoleState]:
    """Return how far each role is that somebody was named for."""
    numbers, ends, named = rulings.numbers(connection), rulings.expires(connection), rulings.signers(connection)
    found = []
    for role in ROLES:
        keys, threshold = named.get(role, (set(), 0))
        if not keys and role not in numbers:
            continue
        found.append(
            RoleState(
                role=role,
                number=numbers.get(role, 0),
                signers=len(keys),
                threshold=threshold,
                expires=ends.get(role, ""),
                waiting=_waiting(connection, now, role),
            )
        )
    return found


def _waiting(connection: Connection, now: int, role: str) -> int:
    """Return how many decisions the newest signed text does not have yet, or still has; 0 where others know."""
    if role not in SIGNED_BY_PEOPLE:
        return 0
    before = rulings.current(connection, role)
    if role == EXCEPTIONS:
        old = () if before is None else read_exceptions(before.content).exceptions
        return len(set(old) ^ set(exceptions.to_text(connection, now)))
    signed = () if before is None else read_revocations(before.content, role).revoked
    return len({one.id for one in signed} ^ {one.revocation_id for one in revocations.active(connection)})


def _text(connection: Connection, now: int, role: str, number: int) -> bytes:
    try:
        if role == EXCEPTIONS:
            return exceptions_text(number, exceptions.to_text(connection, now))
        models = [revocations.ruling_of(one) for one in revocations.active(connection)]
        return revocations_text(role, number, models, revocations.hasty(connection))
    except ValueError as error:
        raise WeighbridgeError("E-ruling", str(error), "take back what nobody needs any more") from None


def _sign_urgent(connection: Connection, now: int, models: "list[RevokedModel] | tuple[RevokedModel, ...]") -> int:
    number = rulings.next_number(connection, URGENT)
    text = revocations_text(URGENT, number, models)
    publish(connection, now, None, rulings.sign_here(connection, now, URGENT, text))
    return number
