"""Manifests by tag and by digest, for OCI clients and for Ollama.

Source: OCI distribution 1.1, "Pulling manifests", "Checking if content exists", "Warnings".
"""

from sqlalchemy import Connection

from weighbridge.hub import look_up, manifests, models, refusal, releases
from weighbridge.hub.call import Call, Route
from weighbridge.hub.freezing import freeze
from weighbridge.hub.look_up import Asked, Served
from weighbridge.hub.manifests import Frozen
from weighbridge.hub.names import Name
from weighbridge.hub.oci_asked import REPOSITORY, is_digest, is_tag, parse_digest, repository, wants_ollama
from weighbridge.hub.oci_choice import chosen, meant_by
from weighbridge.hub.oci_own import own_manifest
from weighbridge.hub.oci_place import place_of
from weighbridge.hub.oci_refusing import refuse, refuse_unknown
from weighbridge.hub.oci_rights import may_pull
from weighbridge.hub.pulls import note_pull
from weighbridge.hub.ranges import names
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.states import State

LONGEST_WARNING = 1_000


async def get_manifest(call: Call) -> None:
    """Send a manifest."""
    name, reference = repository(call), call.parts["reference"]
    if not await may_pull(call, name):
        return
    if is_digest(reference):
        found = await _by_digest(call, name, reference)
    elif is_tag(reference):
        found = await _by_tag(call, name, reference)
    else:
        await refuse_unknown(call, "MANIFEST_UNKNOWN", f"This is neither a tag nor a digest: {reference[:128]}")
        return
    if isinstance(found, Refusal):
        await _own(call, name, reference, found)
        return
    served, frozen = found
    if names(call.header("if-none-match"), f'"{frozen.digest}"'):
        await call.reply(304, headers={"etag": f'"{frozen.digest}"', "docker-content-digest": frozen.digest})
        return
    content = await call.hub.server.store.read(lambda connection: manifests.bytes_of(connection, frozen))
    headers = {"content-type": frozen.media_type, "docker-content-digest": frozen.digest}
    headers |= {"etag": f'"{frozen.digest}"', "cache-control": "private, no-cache", **warnings(call, served)}
    await call.reply(200, content, headers)
    note_pull(call.hub, call, served.release, None, call.sent, call.status)


async def _own(call: Call, name: Name, reference: str, why: Refusal) -> None:
    """Answer with what the caller pushed themselves, or with why there is nothing."""
    asked, place, content = call.asked, place_of(call, name), call.method == "GET"
    found = await call.hub.server.store.read(
        lambda connection: own_manifest(connection, asked, name, place, reference, content=content)
    )
    if found is None and why.reason == refusal.UNKNOWN and place.account_id:
        await refuse_unknown(call, "NAME_UNKNOWN", why.text)
    elif found is None or isinstance(found, Refusal):
        await refuse(call, found or why)
    else:
        headers = {"content-type": found.media_type, "docker-content-digest": found.digest}
        await call.reply(200, found.content, headers)


def warnings(call: Call, served: Served) -> dict[str, str]:
    """Return the warning of a release that should not be used much longer."""
    if served.release.state is not State.DEPRECATED:
        return {}
    instead = f" Use {served.release.replaced_by} instead." if served.release.replaced_by else ""
    said = f"{served.model.full_name} is deprecated: {served.release.state_why.rstrip('.') or 'see its page'}.{instead}"
    said = f"{said} {call.hub.origin}/catalog/{served.model.full_name}"
    plain = "".join(mark if " " <= mark <= "~" and mark not in '"\\' else "?" for mark in said)
    return {"warning": f'299 - "{plain[:LONGEST_WARNING]}"'}


async def _by_tag(call: Call, name: Name, tag: str) -> tuple[Served, Frozen] | Refusal:
    asked, store = call.asked, call.hub.server.store
    found = await store.read(lambda connection: meant_by(connection, asked, name, tag))
    if isinstance(found, Refusal):
        return found
    frozen = await freeze(call.hub, found.served.release.release_id)
    one = chosen(frozen, found.part, ollama=wants_ollama(call))
    if one is not None:
        return found.served, one
    return found.otherwise or _no_such(call, found.served, frozen, tag)


def _no_such(call: Call, served: Served, frozen: list[Frozen], tag: str) -> Refusal:
    ollama = wants_ollama(call)
    there = [one.tags[0] for one in frozen if one.tags and (one.kind == "ollama") == ollama]
    name = served.model.full_name
    if not frozen:
        sentence = f"{name} has more files than a manifest holds; take it with `hf download {name}`."
    elif ollama and not there:
        sentence = f"{name} has no GGUF file that Ollama could run; take it with `hf download {name}`."
    else:
        sentence = f"{name} has no tag {tag}; it has {', '.join(['latest', *there][:20])}."
    link = f"{call.hub.origin}/catalog/{name}"
    return Refusal(reason=refusal.NO_REVISION, sentence=sentence, hint="Its page:", link=link)


async def _by_digest(call: Call, name: Name, reference: str) -> tuple[Served, Frozen] | Refusal:
    asked, digest = call.asked, str(parse_digest(reference))
    return await call.hub.server.store.read(lambda connection: served_by_digest(connection, asked, name, digest))


def served_by_digest(connection: Connection, asked: Asked, name: Name, digest: str) -> tuple[Served, Frozen] | Refusal:
    """Return a manifest of a served release of this very model by digest, or why there is none."""
    readable = look_up.readable_model(connection, asked, name)
    if isinstance(readable, Refusal):
        return readable
    holders = manifests.with_digest(connection, readable.model_id, digest)
    for frozen in holders:
        release = releases.by_id(connection, frozen.release_id)
        if release.is_served:
            return Served(models.by_id(connection, release.model_id), release), frozen
    if holders:
        return refusal.of_release(asked.origin, readable.full_name, releases.by_id(connection, holders[0].release_id))
    return refusal.no_revision(asked.origin, readable.full_name, digest)


ROUTES = (
    Route(
        methods=("GET", "HEAD"),
        pattern=REPOSITORY + r"/manifests/(?P<reference>[^/]{1,300})",
        access="read",
        answer=get_manifest,
        face="oci",
    ),
)
