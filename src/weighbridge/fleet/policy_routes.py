"""Policies under /api/v1: what is in force where, uploading, comparing, publishing what people signed, rolling out.

No route signs anything for people: what they sign leaves as a text and comes back with their signatures.
"""

from typing import Annotated

from litestar import Response, get, post
from litestar.params import JSONBody, Parameter, PathParameter
from msgspec import Meta, Struct
from sqlalchemy import Connection

from weighbridge.fleet import audit, fleet_settings, policy_repository, policy_rings, policy_versions
from weighbridge.fleet.given import GivenServer, GivenViewer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.policy_files import content_of
from weighbridge.fleet.policy_page import PolicyChanges, PolicyStatus, changes_of, status
from weighbridge.fleet.policy_rings import Ring, Rollout
from weighbridge.fleet.policy_versions import LONGEST_NOTE, Version
from weighbridge.fleet.problem import not_found
from weighbridge.policy.pack import MOST_FILES
from weighbridge.sync.judging import LARGEST_METADATA
from weighbridge.sync.policy_updates import PATH, TIMESTAMP

_LARGEST = (1 << 53) - 1
Number = Annotated[str, PathParameter(max_length=16)]
FileName = Annotated[str, PathParameter(max_length=100)]
_READ, _PUBLISH = needs(Permission.POLICY_READ), needs(Permission.POLICY_PUBLISH)


class NewPolicy(Struct, forbid_unknown_fields=True, kw_only=True):
    """A policy folder: text by relative path, as `wb policy validate` takes it."""

    files: Annotated[dict[str, str], Meta(max_length=MOST_FILES)]
    note: Annotated[str, Meta(max_length=LONGEST_NOTE)] = ""
    """Why it changes, for people."""


class Reason(Struct, forbid_unknown_fields=True, kw_only=True):
    """Why, for people."""

    reason: Annotated[str, Meta(min_length=3, max_length=LONGEST_NOTE)]


class ToSign(Struct, kw_only=True):
    """What people are to sign, each with their own key, where the key is."""

    text: str


class SignedRoot(Struct, forbid_unknown_fields=True, kw_only=True):
    """A root that enough people signed."""

    text: Annotated[str, Meta(max_length=LARGEST_METADATA)]


class Trusted(Struct, kw_only=True):
    """Whose signatures count, in words."""

    signers: str


class SignedPolicies(Struct, forbid_unknown_fields=True, kw_only=True):
    """What enough people signed, and how to roll it out."""

    text: Annotated[str, Meta(max_length=LARGEST_METADATA)]
    rings: Annotated[list[Ring], Meta(max_length=20)] = []
    """Empty: as the fleet's settings say."""
    budget: Annotated[int, Meta(ge=0, le=100)] | None = None
    """Percent of the endpoints of the rings so far that may run into trouble; null: as the settings say."""


@get(PATH + "{name:str}", opt=needs(Permission.PUBLIC), include_in_schema=False)
async def policy_file(server: GivenServer, name: FileName) -> Response[bytes]:
    """Hand out one file. Whoever reaches the server may read it: its value is in signatures, not in secrecy."""
    content = await server.store.read(lambda connection: content_of(connection, name))
    if content is None:
        raise not_found("file")
    keep = "no-store" if name == TIMESTAMP else "public, max-age=86400, immutable"
    return Response(content, media_type="application/json", headers={"Cache-Control": keep})


@get("/api/v1/policy", opt=_READ)
async def show_policies(server: GivenServer) -> PolicyStatus:
    """Tell which policies there are, which is in force where, and how far the newest is."""
    return await server.store.read(status)


@post("/api/v1/policy/versions", opt=_PUBLISH)
async def upload_policy(server: GivenServer, viewer: GivenViewer, data: JSONBody[NewPolicy]) -> Version:
    """Check and try a policy and keep it under the next number. Nothing changes on any endpoint."""
    files = {path: text.encode("utf-8", "replace") for path, text in data.files.items()}
    now = server.clock()
    tried = await server.store.read(lambda _: policy_versions.checked(files))

    def job(connection: Connection) -> Version:
        made = policy_versions.upload(connection, now, viewer.name, files, tried=tried, note=data.note)
        audit.note(connection, now, viewer, "policy.upload", str(made.number), {"title": made.title})
        return made

    return await server.store.write(job)


@get("/api/v1/policy/versions/{number:str}", opt=_READ)
async def show_policy(server: GivenServer, number: Number) -> Version:
    """Tell about one policy."""
    return await server.store.read(lambda connection: policy_versions.version(connection, _number(number)))


@get("/api/v1/policy/versions/{number:str}/changes", opt=_READ)
async def show_changes(
    server: GivenServer, number: Number, against: Annotated[int, Parameter(ge=0, le=_LARGEST)] = 0
) -> PolicyChanges:
    """Tell what differs from another policy (0: the one in force), in scenarios whose verdict changes."""
    return await server.store.read(lambda connection: changes_of(connection, _number(number), against))


@get("/api/v1/policy/versions/{number:str}/to-sign", opt=_READ)
async def show_what_to_sign(server: GivenServer, number: Number) -> ToSign:
    """Give the list of policies, with this one in it, that people are to sign."""
    now = server.clock()
    found = await server.store.read(lambda connection: policy_versions.to_sign(connection, _number(number), now))
    return ToSign(text=found.decode())


@post("/api/v1/policy/versions/{number:str}/again", opt=_PUBLISH)
async def take_policy_again(
    server: GivenServer, viewer: GivenViewer, number: Number, data: JSONBody[Reason]
) -> Version:
    """Give what an earlier policy says a new number, which is how one goes back."""
    now = server.clock()
    files = await server.store.read(lambda connection: policy_versions.files(connection, _number(number)))
    tried = await server.store.read(lambda _: policy_versions.checked(files))

    def job(connection: Connection) -> Version:
        made = policy_versions.upload(
            connection, now, viewer.name, files, tried=tried, note=data.reason, again_of=_number(number)
        )
        audit.note(
            connection, now, viewer, "policy.again", str(made.number), {"of": _number(number), "reason": data.reason}
        )
        return made

    return await server.store.write(job)


@post("/api/v1/policy/root", opt=_PUBLISH, status_code=200)
async def take_root(server: GivenServer, viewer: GivenViewer, data: JSONBody[SignedRoot]) -> Trusted:
    """Take a root that people signed: from now on it says whose signatures count."""
    now, content = server.clock(), data.text.encode("utf-8", "replace")

    def job(connection: Connection) -> Trusted:
        said = policy_repository.add_root(connection, now, content)
        audit.note(connection, now, viewer, "policy.root", said)
        return Trusted(signers=said)

    return await server.store.write(job)


@post("/api/v1/policy/publish", opt=_PUBLISH, status_code=200)
async def publish_policy(server: GivenServer, viewer: GivenViewer, data: JSONBody[SignedPolicies]) -> Rollout:
    """Publish a policy that enough people signed, and begin to roll it out."""
    now, content = server.clock(), data.text.encode("utf-8", "replace")

    def job(connection: Connection) -> Rollout:
        done = policy_versions.publish(connection, now, viewer.name, content)
        audit.note(connection, now, viewer, "policy.publish", str(done.number), {"title": done.title})
        usual = fleet_settings.current(connection)
        budget = usual.ring_budget if data.budget is None else data.budget
        return policy_rings.begin(connection, now, viewer.name, done.number, data.rings or usual.rings, budget)

    rollout = await server.store.write(job)
    server.exchange.look_again()
    return rollout


@post("/api/v1/policy/roll-out/halt", opt=_PUBLISH, status_code=200)
async def halt_roll_out(server: GivenServer, viewer: GivenViewer, data: JSONBody[Reason]) -> Rollout:
    """Give the policy to no further endpoint."""
    now = server.clock()

    def job(connection: Connection) -> Rollout:
        halted = policy_rings.halt(connection, now, viewer.name, data.reason)
        audit.note(connection, now, viewer, "policy.halt", str(halted.number), {"reason": data.reason})
        return halted

    rollout = await server.store.write(job)
    server.exchange.look_again()
    return rollout


@post("/api/v1/policy/roll-out/go-on", opt=_PUBLISH, status_code=200)
async def go_on_with_roll_out(server: GivenServer, viewer: GivenViewer, data: JSONBody[Reason]) -> Rollout:
    """Let a halted roll-out go on; what is denied by now counts as looked at."""
    now = server.clock()

    def job(connection: Connection) -> Rollout:
        rolling = policy_rings.go_on(connection, now, viewer.name, data.reason)
        audit.note(connection, now, viewer, "policy.go-on", str(rolling.number), {"reason": data.reason})
        return rolling

    rollout = await server.store.write(job)
    server.exchange.look_again()
    return rollout


def _number(text: str) -> int:
    """Return the number of a policy. Raises RefusedError 404: it is none."""
    if not (text.isascii() and text.isdecimal()) or int(text) < 1:
        raise not_found("policy")
    return int(text)


ROUTES = [
    policy_file,
    show_policies,
    upload_policy,
    show_policy,
    show_changes,
    show_what_to_sign,
    take_policy_again,
    take_root,
    publish_policy,
    halt_roll_out,
    go_on_with_roll_out,
]
"""One file for each thing that endpoints fetch, then what people and programs do."""
