"""From what endpoints had to what policies are asked about it: who would do what with it. Values in, values out.

A model at a place is stored and could be loaded; a process infers with its weights and executes its runtime; a listener
serves; a configured tool server is connected to and executed by the agents that have it. Everybody who acts is asked
for as the endpoint itself asks (`pipeline/running_verdicts.py`), so that what a replay says is what endpoints would.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from weighbridge.fleet import replay_situations
from weighbridge.fleet.replay_situations import UNKNOWN, Facts, Found, Lens, Situation, attributes_of
from weighbridge.model.actor import ActorKind
from weighbridge.policy.policy import Policy
from weighbridge.policy.vocabulary import Value
from weighbridge.policy.weigh import Principal, Request

KINDS = ("agent", "listener", "process", "sighting")
"""Kinds of things that something is asked about."""
KNOWN: Mapping[str, frozenset[str]] = {
    "Artifact": replay_situations.KNOWN,
    "Host": frozenset({"name"}),
    "Listener": frozenset({"address", "authenticated", "loopback", "port", "runtime"}),
    "Runtime": frozenset({"name"}),
    "Tool": frozenset({"name", "server"}),
}
"""Attributes that the fleet has, by what they are of; those that it has not are weighed as endpoints weigh what they do
not know, and are named beside the result."""
ASKED = (
    ("connect", "Host"),
    ("connect", "Tool"),
    ("execute", "Runtime"),
    ("execute", "Tool"),
    ("infer", "Artifact"),
    ("infer", "Runtime"),
    ("load", "Artifact"),
    ("serve", "Listener"),
    ("store", "Artifact"),
)
"""Every action and resource that is asked about."""
_MOST_AGENTS = 20
_MOST_WEIGHTS = 50
_NAME = 255
_DIGEST = re.compile(r"(?:claimed:)?[0-9a-f]{64}")


class Actor(NamedTuple):
    """Who acts: an agent by its name, else the endpoint itself, of which endpoints tell policies nothing."""

    agent: str | None = None
    supervised: bool = False


_HERE = Actor()


class _Sighting(msgspec.Struct):
    path: str = ""
    member: str | None = None
    store: str | None = None
    store_name: str | None = None


class _Actor(msgspec.Struct):
    kind: str = ""
    agent: str | None = None
    autonomous: bool | None = None


class _Weights(msgspec.Struct):
    sha256: str | None = None
    claimed_sha256: str | None = None
    path: str | None = None


class _Process(msgspec.Struct):
    name: str = ""
    runtime: str | None = None
    weights: list[_Weights] = []
    actor: _Actor = msgspec.field(default_factory=_Actor)


class _Listener(msgspec.Struct):
    address: str = ""
    port: int | None = None
    exposed: bool = False
    product: str | None = None
    authenticated: bool | None = None


class _Agent(msgspec.Struct):
    what: str = ""
    name: str = ""
    agents: list[str] = []
    url: str | None = None


_READ: Mapping[str, msgspec.json.Decoder[Any]] = {
    "sighting": msgspec.json.Decoder(_Sighting),
    "process": msgspec.json.Decoder(_Process),
    "listener": msgspec.json.Decoder(_Listener),
    "agent": msgspec.json.Decoder(_Agent),
}


class Thing(NamedTuple):
    """Something that an endpoint had."""

    endpoint_id: str
    kind: str
    artifact: str
    path: str
    data: bytes


class Question(NamedTuple):
    """One thing that is asked, in what tells it from others: equal questions have equal answers."""

    action: str
    resource: str
    about: Situation | tuple[str | int | bool, ...]
    """Values that the resource's attributes follow from."""
    actor: Actor = _HERE


class Asked(NamedTuple):
    """A question about a thing, and the model that it is about; empty if it is none."""

    artifact: str
    question: Question


Read = _Sighting | _Process | _Listener | _Agent


def read(thing: Thing) -> Read | None:
    """Return what an endpoint said of a thing; None if that is nothing that is asked about."""
    try:
        found: Read = _READ[thing.kind].decode(thing.data)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Sighting(path=thing.path) if thing.kind == "sighting" else None
    return found


def artifacts_of(thing: Thing, said: Read | None) -> list[str]:
    """Return the models that something is asked about, by digest; `claimed:` before one that was not measured."""
    if isinstance(said, _Sighting):
        return [thing.artifact] if _DIGEST.fullmatch(thing.artifact) else []
    if isinstance(said, _Process):
        named = (one.sha256 or (f"claimed:{one.claimed_sha256}" if one.claimed_sha256 else "") for one in said.weights)
        return [one for one in [*named][:_MOST_WEIGHTS] if _DIGEST.fullmatch(one)]
    return []


def key_of(thing: Thing, said: Read | None, lens: Lens, found: Mapping[str, Found]) -> tuple[object, ...] | None:
    """Return what `questions` of a model at a place follow from, which is cheaper; None for what is no such thing."""
    if not isinstance(said, _Sighting):
        return None
    artifact = thing.artifact
    inside = lens.inside(said.path)
    return artifact, found.get(artifact, ()), said.store, said.store_name, inside, said.member is None


def questions(
    said: Read | None, models: Sequence[str], lens: Lens, facts: Mapping[str, Facts], found: Mapping[str, Found]
) -> list[Asked]:
    """Return what is asked about a thing.

    Args:
        said: what an endpoint said of it.
        models: what `artifacts_of` it says.
        lens: what the policies look at.
        facts: of artifacts, as the lens shows them, by digest.
        found: findings on artifacts of this endpoint.
    """
    if isinstance(said, _Sighting):
        asked = []
        for artifact in models:
            known = facts.get(artifact.removeprefix("claimed:"), UNKNOWN)
            place = said.path, said.member, said.store, said.store_name
            about = lens.situation(artifact, known, found.get(artifact, ()), *place)
            asked += [Asked(artifact, Question(action, "Artifact", about)) for action in ("load", "store")]
        return asked
    if isinstance(said, _Process):
        return [*_of_process(said, models, lens, facts, found)]
    if isinstance(said, _Listener) and said.address:
        name = (said.product or "")[:_NAME]
        values = (said.address[:_NAME], bool(said.authenticated), not said.exposed, said.port or 0, name)
        return [Asked("", Question("serve", "Listener", values))]
    return [*_of_agent(said)] if isinstance(said, _Agent) else []


def label(thing: Thing) -> str:
    """Return what a thing is called where a person reads about it."""
    said = read(thing)
    match said:
        case _Process():
            return said.name or thing.path
        case _Listener():
            return f"{said.product or 'port'} {said.address}:{said.port or '?'}"
        case _Agent():
            return f"{said.name} ({said.url})" if said.url else said.name
        case _:
            return thing.path


def request(question: Question, policy: Policy, accepted: frozenset[str]) -> Request:
    """Return a question as a policy takes it.

    Args:
        question: what is asked.
        policy: whom.
        accepted: digests that the policy accepts now.
    """
    values: dict[str, Value]
    about = question.about
    if isinstance(about, Situation):
        values = attributes_of(about, policy.settings, accepted)
    elif question.resource == "Listener":
        values = dict(zip(("address", "authenticated", "loopback", "port", "runtime"), about, strict=True))
    elif question.resource == "Tool":
        values = {"name": about[0], "server": about[0]}
    else:
        values = {"name": about[0]}
    return Request(
        action=question.action, resource_kind=question.resource, resource=values, principal=_principal(question.actor)
    )


def _principal(actor: Actor) -> Principal:
    if actor.agent is None:
        return Principal()
    return Principal(
        kind="Agent", id=actor.agent or "unknown", attributes={"name": actor.agent, "supervised": actor.supervised}
    )


def _of_process(
    said: _Process, models: Sequence[str], lens: Lens, facts: Mapping[str, Facts], found: Mapping[str, Found]
) -> Iterator[Asked]:
    actor = _HERE
    if said.actor.kind == ActorKind.AGENT.value:
        actor = Actor((said.actor.agent or "")[:_NAME], not said.actor.autonomous)
    paths = {one.sha256 or f"claimed:{one.claimed_sha256}": one.path or "" for one in said.weights[:_MOST_WEIGHTS]}
    for artifact in models:
        known = facts.get(artifact.removeprefix("claimed:"), UNKNOWN)
        about = lens.situation(artifact, known, found.get(artifact, ()), paths[artifact])
        yield Asked(artifact, Question("infer", "Artifact", about, actor))
    if said.runtime:
        for action in ("infer", "execute"):
            yield Asked("", Question(action, "Runtime", (said.runtime[:_NAME],), actor))


def _of_agent(said: _Agent) -> Iterator[Asked]:
    if said.what != "tool server":
        return
    host = ""
    if said.url:
        try:
            host = urlsplit(said.url[:2000]).hostname or ""
        except ValueError:
            host = ""
    for agent in said.agents[:_MOST_AGENTS]:
        actor = Actor(agent[:_NAME])
        for action in ("connect", "execute"):
            yield Asked("", Question(action, "Tool", (said.name[:_NAME],), actor))
        if host:
            yield Asked("", Question("connect", "Host", (host[:_NAME],), actor))
