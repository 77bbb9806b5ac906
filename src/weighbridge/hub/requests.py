"""Requests for models: who wants which, what for, with which data. The same model asked for twice is one request.

A request goes the way of its release; what people decided about it stands beside it, step by step.
"""

import secrets
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, Select, String, Text, insert, select, update

from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import grants, jobs, models, steps, weighed
from weighbridge.hub.approval import in_order
from weighbridge.hub.caller import Caller, may_publish, may_read
from weighbridge.hub.names import Name, is_commit, is_revision
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import State
from weighbridge.model.errors import WeighbridgeError

REQUESTS = reference_table(
    "hub_requests",
    Column("request_id", String(16), primary_key=True),
    Column("alias", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    Column("revision", String(128), nullable=False),
    Column("upstream", String(512), nullable=False),
    Column("release_id", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    integer("asked_at", nullable=False),
    integer("changed_at", nullable=False),
    Index(None, "alias"),
    Index(None, "release_id"),
    Index(None, "state", "asked_at"),
)
ASKERS = reference_table(
    "hub_askers",
    Column("request_id", String(16), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("name", String(128), nullable=False),
    Column("why", Text, nullable=False),
    Column("task", String(64), nullable=False),
    Column("data_classes", String(256), nullable=False),
    integer("asked_at", nullable=False),
    Index(None, "account_id"),
)
WAITING, DONE, REFUSED = "waiting", "done", "refused"
STATES = (WAITING, DONE, REFUSED)
LONGEST_REASON = 1_000
_NOT_HERE = "This hub fetches nothing: somebody has to upload the model."
_OPEN_AT_ONCE = 50
"""Requests of one account that wait."""
_MOST_TASKS = 5


class Asker(Struct, frozen=True, kw_only=True):
    """Somebody who wants a model, and what for."""

    account_id: str
    name: str
    why: str
    task: str
    data_classes: str
    """Data that they would give it, with commas."""
    asked_at: int


class ModelRequest(Struct, frozen=True, kw_only=True):
    """A request for a model. Times are milliseconds since 1970, UTC."""

    request_id: str
    name: str
    """`namespace/name`."""
    revision: str
    """Branch, tag or commit; `main` for the newest."""
    upstream: str
    """What it is called where it is fetched from."""
    release_id: str
    """The release that came of it; empty as long as there is none."""
    state: str
    """One of `STATES`."""
    reason: str
    """Why it was refused, or what it waits for."""
    asked_at: int
    changed_at: int
    release_state: str
    """How far that release is; empty as long as there is none."""
    askers: list[Asker]


_COLUMNS = [REQUESTS.c[name] for name in ModelRequest.__struct_fields__ if name in REQUESTS.c]


def ask(
    connection: Connection,
    now: int,
    who: Viewer,
    name: Name,
    *,
    why: str,
    task: str = "",
    data_classes: tuple[str, ...] = (),
    revision: str = "main",
    fetches: bool = False,
) -> ModelRequest:
    """Ask for a model; who asks for what somebody asked for already joins them.

    Args:
        connection: within a write.
        now: milliseconds since 1970.
        who: asks.
        name: of the model, here and upstream.
        why: what for, in words.
        task: `coding`, `embedding`, ...
        data_classes: that they would give it.
        revision: branch, tag or commit.
        fetches: whether this hub fetches from elsewhere; otherwise somebody has to bring the model.

    Raises:
        RefusedError: 403 for a namespace that is closed to them.
        WeighbridgeError: `E-model-request`.
    """
    if not may_read(connection, Caller(viewer=who), name.namespace, open_to_all=False):
        # Whoever asked would see what becomes of it, and who else asked.
        raise RefusedError(
            403,
            "E-not-allowed",
            f"{name.namespace} is for those who were given rights in it",
            "ask who manages the hub",
        )
    clean = why.strip()
    if not 3 <= len(clean) <= LONGEST_REASON or len(task) > 64 or not (task + clean.replace("\n", " ")).isprintable():
        raise _wrong(
            "a request says what the model is for", f"write 3 to {LONGEST_REASON:,} characters, and a short task"
        )
    if not is_revision(revision) and not is_commit(revision):
        raise _wrong(f"{revision[:100]!r} is no branch, tag or commit", "write main, v1 or a commit")
    classes = in_order(data_classes)
    if len(classes) != len(set(data_classes)):
        raise _wrong(
            "one of these is no data class", "write public, internal, confidential, restricted, or a kind of data"
        )
    same = REQUESTS.c.alias == name.alias, REQUESTS.c.revision == revision, REQUESTS.c.state == WAITING
    request_id = connection.execute(select(REQUESTS.c.request_id).where(*same)).scalar()
    if request_id is None:
        mine = select(ASKERS.c.request_id).join(REQUESTS, REQUESTS.c.request_id == ASKERS.c.request_id)
        mine = mine.where(ASKERS.c.account_id == who.account_id, REQUESTS.c.state == WAITING).limit(_OPEN_AT_ONCE)
        if len(connection.execute(mine).all()) >= _OPEN_AT_ONCE:
            raise _wrong(f"{_OPEN_AT_ONCE} requests of yours wait already", "wait until some of them are decided")
        request_id = secrets.token_hex(8)
        waits = not_fetched(connection, who, name) if fetches else _NOT_HERE
        values = {"request_id": request_id, "alias": name.alias, "name": str(name), "revision": revision}
        values |= {"upstream": str(name), "release_id": "", "state": WAITING, "reason": waits}
        connection.execute(insert(REQUESTS).values(**values, asked_at=now, changed_at=now))
        if not waits:
            jobs.add(connection, now, jobs.FETCH, request_id)
    joined = ASKERS.c.request_id == request_id, ASKERS.c.account_id == who.account_id
    if connection.execute(select(ASKERS.c.request_id).where(*joined)).first() is not None:
        # Clients ask again and again; that somebody wants it is one record.
        return by_id(connection, request_id)
    row = {"request_id": request_id, "account_id": who.account_id, "name": who.name[:128], "why": clean, "task": task}
    insert_missing(connection, ASKERS, [row | {"data_classes": ",".join(classes), "asked_at": now}])
    detail = {"model": str(name), "revision": revision, "task": task, "data_classes": list(classes)}
    steps.note(connection, now, who, "request", request_id, why=clean, detail=detail)
    return by_id(connection, request_id)


def not_fetched(connection: Connection, who: Viewer, name: Name) -> str:
    """Return why nothing from elsewhere comes to be under a name; empty if it may.

    Else anybody who asks could put what a stranger registered upstream in the place of what is made here.
    """
    model = models.by_name(connection, name)
    if model is not None and not model.upstream:
        return f"{model.full_name} is made here: somebody has to upload what is new of it."
    kept = any(one.right in (grants.READ, grants.PUBLISH) for one in grants.of_namespace(connection, name.namespace))
    if kept and not may_publish(connection, Caller(viewer=who, may_write=True), name.namespace):
        return f"{name.namespace} is kept by those who publish in it: one of them has to upload the model."
    return ""


def by_id(connection: Connection, request_id: str) -> ModelRequest:
    """Return one request that is known to be there."""
    return _found(connection, select(*_COLUMNS).where(REQUESTS.c.request_id == request_id))[0]


def find(connection: Connection, request_id: str) -> ModelRequest | None:
    """Return a request; None if there is no such."""
    found = _found(connection, select(*_COLUMNS).where(REQUESTS.c.request_id == request_id))
    return found[0] if found else None


def listed(connection: Connection, *, account_id: str = "", state: str = "", limit: int = 200) -> list[ModelRequest]:
    """Return requests, the newest first. `account_id`: only those that this account made or joined."""
    wanted = select(*_COLUMNS)
    if account_id:
        mine = select(ASKERS.c.request_id).where(ASKERS.c.account_id == account_id)
        wanted = wanted.where(REQUESTS.c.request_id.in_(mine))
    if state:
        wanted = wanted.where(REQUESTS.c.state == state)
    return _found(connection, wanted.order_by(REQUESTS.c.asked_at.desc(), REQUESTS.c.request_id).limit(limit))


def of_release(connection: Connection, release_id: str) -> list[ModelRequest]:
    """Return the requests that a release came of."""
    return _found(connection, select(*_COLUMNS).where(REQUESTS.c.release_id == release_id).limit(200))


def askers(connection: Connection, release_id: str) -> set[str]:
    """Return the ids of the accounts that asked for a release."""
    wanted = select(ASKERS.c.account_id).join(REQUESTS, REQUESTS.c.request_id == ASKERS.c.request_id)
    return set(connection.execute(wanted.where(REQUESTS.c.release_id == release_id)).scalars())


def lead_to(connection: Connection, now: int, request_id: str, release_id: str) -> None:
    """Say which release comes of a request."""
    _set(connection, now, REQUESTS.c.request_id == request_id, release_id=release_id, reason="")


def move_on(connection: Connection, now: int, before: str, after: str) -> None:
    """Let requests that wait for a release wait for the one that was made of it, and be answered by either."""
    waiting = (REQUESTS.c.release_id == before) & (REQUESTS.c.state == WAITING)
    _set(connection, now, waiting, release_id=after)


def refuse(connection: Connection, now: int, request_id: str, reason: str) -> None:
    """Say that nothing comes of a request."""
    _set(connection, now, REQUESTS.c.request_id == request_id, state=REFUSED, reason=reason[:2_000])


def check_open(request: ModelRequest) -> None:
    """Raise WeighbridgeError `E-model-request` for a request that is decided, or that a release came of."""
    if request.state != WAITING or request.release_id:
        raise _wrong("this request is decided, or its release is there to decide on", "look at its release")


def follow(connection: Connection, now: int, alias: str, release_id: str, state: State, why: str) -> None:
    """Bring requests up to what became of their release, or of one that somebody brought for them."""
    waiting = REQUESTS.c.state == WAITING
    if state in (State.APPROVED, State.DEPRECATED):
        brought = (REQUESTS.c.alias == alias) & (REQUESTS.c.release_id == "") & (REQUESTS.c.revision == "main")
        theirs = waiting & ((REQUESTS.c.release_id == release_id) | brought)
        _set(connection, now, theirs, state=DONE, reason="", release_id=release_id)
        _name_tasks(connection, now, alias, release_id)
    elif state in (State.REJECTED, State.REVOKED, State.FAILED):
        _set(connection, now, waiting & (REQUESTS.c.release_id == release_id), state=REFUSED, reason=why[:2_000])


def _name_tasks(connection: Connection, now: int, alias: str, release_id: str) -> None:
    """Let a model of which nobody said what it does be found by what people wanted it for, and by its card."""
    namespace, _, name = alias.partition("/")
    model = models.by_name(connection, Name(namespace=namespace, name=name))
    if model is None or model.tasks:
        return
    wanted = select(ASKERS.c.task).join(REQUESTS, REQUESTS.c.request_id == ASKERS.c.request_id)
    wanted = wanted.where(REQUESTS.c.release_id == release_id).order_by(ASKERS.c.asked_at, ASKERS.c.account_id)
    said = [one.strip().lower() for one in connection.execute(wanted).scalars()]
    known = weighed.of_release(connection, release_id)
    said += known.weighing.tasks if known else ()
    if tasks := tuple(dict.fromkeys(filter(None, said)))[:_MOST_TASKS]:
        models.describe(connection, now, model.model_id, owner=model.owner, summary=model.summary, tasks=tasks)


def _set(connection: Connection, now: int, which: Any, **values: object) -> None:  # noqa: ANN401  (a condition)
    connection.execute(update(REQUESTS).where(which).values(changed_at=now, **values))


def _found(connection: Connection, wanted: Select[Any]) -> list[ModelRequest]:
    rows = connection.execute(wanted).all()
    ids = [row.request_id for row in rows]
    people: dict[str, list[Asker]] = {request_id: [] for request_id in ids}
    for row in connection.execute(
        select(ASKERS).where(ASKERS.c.request_id.in_(ids)).order_by(ASKERS.c.asked_at, ASKERS.c.name)
    ):
        fields = {name: getattr(row, name) for name in Asker.__struct_fields__}
        people[row.request_id].append(Asker(**fields))
    known = select(RELEASES.c.release_id, RELEASES.c.state)
    known = known.where(RELEASES.c.release_id.in_({row.release_id for row in rows if row.release_id}))
    states = {row.release_id: str(row.state) for row in connection.execute(known)}
    return [
        ModelRequest(**row._mapping, release_state=states.get(row.release_id, ""), askers=people[row.request_id])
        for row in rows
    ]


def _wrong(said: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-model-request", said, hint)
