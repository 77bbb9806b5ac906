"""Policies of the fleet: each upload has a number that only ever grows, is checked and tried before it is kept.

Published is a policy that enough people signed. Going back is publishing what an earlier one said under a new number,
so that "newer" always means a higher number, for people and for endpoints.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import Column, Connection, LargeBinary, String, Text, func, insert, select, update

from weighbridge.fleet import outbox, policy_repository, rulings
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.policy_folder import registered_names
from weighbridge.policy.difference import Difference, difference
from weighbridge.policy.pack import read_policy
from weighbridge.policy.policy import Policy
from weighbridge.policy.settings import SETTINGS_FILE, Settings
from weighbridge.policy.settings_file import read_settings
from weighbridge.policy.situation import read_situations, try_situations
from weighbridge.sync.policy_bundle import files_of, packed, unpacked
from weighbridge.sync.policy_metadata import described, new_targets

POLICIES = reference_table(
    "policies",
    integer("number", primary_key=True),
    Column("title", String(255), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    integer("length", nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    integer("rules", nullable=False),
    integer("situations", nullable=False),
    integer("again_of"),
    Column("note", Text, nullable=False),
    Column("made_by", String(255), nullable=False),
    integer("made_at", nullable=False),
    Column("published_by", String(255), nullable=False),
    integer("published_at"),
)
LISTED = 5
"""Earlier policies that stay listed beside a new one: for endpoints whose ring has not come."""
LONGEST_NOTE = 2000


class Version(Struct, frozen=True, kw_only=True):
    """One uploaded policy. Times are milliseconds since 1970, UTC."""

    number: int
    title: str
    """Name and version, as policy.yaml has them."""
    mode: str
    sha256: str
    length: int
    rules: int
    situations: int
    """Tried, all with the expected verdict."""
    again_of: int | None
    """The number of the earlier policy that this one says again."""
    note: str
    made_by: str
    made_at: int
    published_by: str
    published_at: int | None
    """When enough people had signed it; None before."""


class Checked(NamedTuple):
    """A policy that is right, and how many of its situations were tried."""

    policy: Policy
    situations: int


def upload(
    connection: Connection,
    now: int,
    who: str,
    files: Mapping[str, bytes],
    *,
    tried: Checked | None = None,
    note: str = "",
    again_of: int | None = None,
) -> Version:
    """Keep a policy that was checked and tried; return it with its number.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        who: uploads it.
        files: of the policy folder, by relative path.
        tried: what `checked` says of them, where somebody asked it before, outside of the write; it takes a while.
        note: why it changes, for people.
        again_of: the number of the earlier policy that these files are.

    Raises:
        WeighbridgeError: `E-policy-...`, as `wb policy validate` and `wb policy test` say it.
    """
    policy, situations = tried or checked(files)
    number = (connection.execute(select(func.max(POLICIES.c.number))).scalar() or 0) + 1
    try:
        bundle = packed(number, files)
    except ValueError as error:
        raise WeighbridgeError("E-policy-unreadable", str(error), "a policy is text files of a few kilobytes") from None
    version = Version(
        number=number,
        title=policy.title[:255],
        mode=policy.settings.mode,
        sha256=sha256(bundle).hexdigest(),
        length=len(bundle),
        rules=len(policy.rules),
        situations=situations,
        again_of=again_of,
        note=note[:LONGEST_NOTE],
        made_by=who,
        made_at=now,
        published_by="",
        published_at=None,
    )
    values = {name: getattr(version, name) for name in Version.__struct_fields__}
    connection.execute(insert(POLICIES).values(**values, bundle=bundle))
    if again_of is not None:
        _tell(connection, now, who, f"Policy {number} takes back what policy {again_of} said, once it is signed", note)
    return version


def checked(files: Mapping[str, bytes]) -> Checked:
    """Return the policy in files and how many of its situations were tried.

    Raises:
        WeighbridgeError: it is none, has no situations, or one came out differently than expected.
    """
    policy = read_policy(files, "", registered_names())
    situations = read_situations(policy)
    if not situations:
        raise WeighbridgeError(
            "E-policy-untested",
            "the policy has no situations",
            "write some in tests/*.yaml; `wb policy test` tries them",
        )
    for tried in try_situations(policy, situations):
        if tried.problems:
            where = f"{tried.situation.file}:{tried.situation.line}"
            raise WeighbridgeError("E-policy-test", f"{where} {tried.problems[0]}", "`wb policy test FOLDER` shows all")
    return Checked(policy, len(situations))


def versions(connection: Connection, *, limit: int = 100) -> list[Version]:
    """Return policies, the newest first."""
    columns = [POLICIES.c[name] for name in Version.__struct_fields__]
    rows = connection.execute(select(*columns).order_by(POLICIES.c.number.desc()).limit(limit))
    return [Version(**row._mapping) for row in rows]


def version(connection: Connection, number: int) -> Version:
    """Return one policy. Raises WeighbridgeError `E-policy-number`: there is none."""
    columns = [POLICIES.c[name] for name in Version.__struct_fields__]
    row = connection.execute(select(*columns).where(POLICIES.c.number == number)).first()
    if row is None:
        raise _no_such(number)
    return Version(**row._mapping)


def files(connection: Connection, number: int) -> dict[str, bytes]:
    """Return the files of a policy. Raises `E-policy-number`."""
    return files_of(unpacked(_bundle(connection, number)))


def policy(connection: Connection, number: int) -> Policy:
    """Return a policy that is ready to weigh with. Raises `E-policy-number`, or what this version cannot read in it."""
    return read_policy(files(connection, number), f"policy {number}")


def settings(connection: Connection, number: int) -> Settings:
    """Return what policy.yaml of a policy says. Raises `E-policy-number`."""
    return read_settings(SETTINGS_FILE, files(connection, number)[SETTINGS_FILE])


def in_force(connection: Connection) -> int:
    """Return the number of the newest published policy; 0 if there is none."""
    found = connection.execute(select(func.max(POLICIES.c.number)).where(POLICIES.c.published_at.is_not(None))).scalar()
    return found or 0


def changes(connection: Connection, number: int, against: int = 0) -> Difference:
    """Return what differs from the policy `against`, the one in force if 0, to `number`. Raises `E-policy-number`."""
    before = against or in_force(connection)
    if not before or before == number:
        before = number
    return difference(policy(connection, before), policy(connection, number))


def bundle_of(connection: Connection, digest: str, number: int) -> bytes | None:
    """Return the text of a published policy by digest and number; None if there is none."""
    wanted = POLICIES.c.number == number, POLICIES.c.sha256 == digest, POLICIES.c.published_at.is_not(None)
    found = connection.execute(select(POLICIES.c.bundle).where(*wanted)).scalar()
    return None if found is None else bytes(found)


def to_sign(connection: Connection, number: int, now: int) -> bytes:
    """Return the list of policies, with this one in it, that people are to sign.

    Raises:
        WeighbridgeError: `E-policy-number`: there is none, or it is published or superseded already.
    """
    wanted = version(connection, number)
    newest = in_force(connection)
    if number <= newest:
        raise WeighbridgeError(
            "E-policy-number",
            f"policy {number} is not newer than policy {newest}, which is published",
            f"`wb fleet policy roll-back {number}` gives what it says a new number",
        )
    before = select(POLICIES.c.number).where(POLICIES.c.published_at.is_not(None))
    earlier = connection.execute(before.order_by(POLICIES.c.number.desc()).limit(LISTED)).scalars()
    numbers = [*sorted(earlier), number]
    listed = bundles(connection, numbers)
    assert listed[-1][1] == wanted.title  # noqa: S101  (numbers are sorted)
    return new_targets(
        policy_repository.next_targets(connection),
        listed,
        datetime.fromtimestamp(now / 1000, UTC),
        rulings.delegations(connection),
    )


def bundles(connection: Connection, numbers: Sequence[int]) -> list[tuple[int, str, bytes]]:
    """Return number, title and bundle of policies, as a list of them is made from. Raises `E-policy-number`."""
    return [(one, version(connection, one).title, _bundle(connection, one)) for one in numbers]


def publish(connection: Connection, now: int, who: str, signed: bytes) -> Version:
    """Take a list that people signed, and publish the policy that is new in it.

    Raises:
        WeighbridgeError: `E-policy-signatures`, `E-policy-metadata`; `E-policy-number`: it lists what is not here.
    """
    listed = described(signed).policies
    newest = in_force(connection)
    fresh = [one for one in listed if one.number > newest]
    if len(fresh) != 1:
        raise WeighbridgeError(
            "E-policy-number",
            f"the list has {len(fresh)} policies that are newer than policy {newest}; it must have one",
            "`wb fleet policy upload` writes the right list",
        )
    for one in listed:
        if version(connection, one.number).sha256 != one.sha256:
            raise WeighbridgeError(
                "E-policy-number",
                f"policy {one.number} of the list is not the one that was uploaded here",
                "upload it to this server and let that list be signed",
            )
    policy_repository.add_targets(connection, now, signed)
    number = fresh[0].number
    named = update(POLICIES).where(POLICIES.c.number == number)
    connection.execute(named.values(published_at=now, published_by=who))
    done = version(connection, number)
    _tell(connection, now, who, f"Policy {number} ({done.title}, {done.mode}) is published", done.note)
    return done


def _bundle(connection: Connection, number: int) -> bytes:
    found = connection.execute(select(POLICIES.c.bundle).where(POLICIES.c.number == number)).scalar()
    if found is None:
        raise _no_such(number)
    return bytes(found)


def _tell(connection: Connection, now: int, who: str, message: str, reason: str) -> None:
    body = {"message": message, "by": who, "reason": reason, "severity": "info", "about": "policy"}
    outbox.tell(connection, "", outbox.DECISION, body, now)


def _no_such(number: int) -> WeighbridgeError:
    return WeighbridgeError("E-policy-number", f"there is no policy {number}", "`wb fleet policy status` lists them")
