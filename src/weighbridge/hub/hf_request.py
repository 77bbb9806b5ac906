"""What the routes of the Hugging Face face share: names in addresses, how a read begins, what every answer says.

Sources: huggingface_hub, `hf_api.py` (addresses), `utils/_pagination.py` (`Link`), `utils/_http.py` (`X-HF-Warning`).
"""

import base64
import binascii
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import msgspec

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import dialects, look_up
from weighbridge.hub.branches import MAIN
from weighbridge.hub.call import Call
from weighbridge.hub.look_up import Served
from weighbridge.hub.models import Model
from weighbridge.hub.names import RESERVED, Name, parse_name
from weighbridge.hub.on_demand import wished
from weighbridge.hub.refusal import Refusal
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State

FACE = "hf"
MODEL = "(?P<model>[^/]+(?:/[^/]+)?)"
"""A model in an address; one without a namespace is of the library."""
ELSEWHERE = f"(?!(?i:{'|'.join(re.escape(word) for word in sorted(RESERVED))})/)"
"""What keeps the address of a file or a page from meaning anything else of this server."""
API = f"/api/models/{MODEL}"
REVISION = "(?P<revision>[^/]+)"
"""A revision in an address: its own slashes are written `%2F`."""
_TRUE = frozenset({"true", "1", "yes", "on"})


def name_of(call: Call) -> Name:
    """Return the model that an address names. Raises WeighbridgeError `E-model-name`."""
    return parse_name(call.parts["model"])


def revision_of(call: Call) -> str:
    """Return the revision that an address names, `main` if it names none: `@huggingface/hub` says so with `HEAD`."""
    named = call.parts.get("revision") or MAIN
    return MAIN if named == "HEAD" else named


def given(call: Call, *names: str) -> list[str]:
    """Return what the query gives under any of these names, each as often as it stands there."""
    text = call.scope.get("query_string", b"").decode("latin-1")
    return [value for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=1_000) if name in names]


def is_on(call: Call, name: str) -> bool:
    """Tell whether the query switches something on."""
    return call.query.get(name, "").lower() in _TRUE


async def refuse(call: Call, why: Refusal, headers: Mapping[str, str] | None = None) -> None:
    """Answer with a refusal in this face's terms."""
    said = dialects.refused(FACE, await wished(call, call.parts.get("model", ""), why))
    await call.reply(said.status, said.body, {**said.headers, **(headers or {})})


async def served(call: Call) -> Served | None:
    """Return the release that an address names; None if the caller was told why there is none."""
    name, revision, asked = name_of(call), revision_of(call), call.asked
    found = await call.hub.server.store.read(
        lambda connection: look_up.served_release(connection, asked, name, revision)
    )
    if isinstance(found, Refusal):
        await refuse(call, found)
        return None
    return found


def told(model: Model, release: Release) -> dict[str, str]:
    """Return the headers of every answer about a release: its commit, and what people should know who use it.

    Clients print a warning once for each topic.
    """
    words = []
    if release.is_tombstone:
        instead = f" Use {release.replaced_by} instead." if release.replaced_by else ""
        why = _sentence(release.guidance or "its page says why")
        words.append(f"{model.full_name} was revoked: {why}{instead}")
    if release.state is State.DEPRECATED:
        instead = f" Use {release.replaced_by} instead." if release.replaced_by else ""
        words.append(
            f"{model.full_name} is deprecated: {_sentence(release.state_why or 'it is to be replaced')}{instead}"
        )
    if release.data_classes:
        words.append(f"{model.full_name} may be given data that is: {_sentence(release.data_classes)}")
    if release.guidance and not release.is_tombstone:
        words.append(_sentence(release.guidance))
    headers = {"x-repo-commit": release.commit_id}
    if words:
        topic = f"{model.full_name} {release.state}"
        headers["x-hf-warning"] = dialects.one_line(f"{topic}; {' '.join(words)}")
    return headers


def moment(milliseconds: int) -> str:
    """Return a time as the API writes it."""
    return (
        datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds % 1000:03}Z"
    )


def base(call: Call) -> str:
    """Return the address under which this client reaches the hub: what is configured, or else what it asked for."""
    settings = call.hub.server.settings
    host = call.header("host")
    return settings.origin if settings.url or not host else f"{call.scope.get('scheme', 'http')}://{host}"


def next_page(call: Call, cursor: str) -> dict[str, str]:
    """Return the header that names the page after this one."""
    text = call.scope.get("query_string", b"").decode("latin-1")
    kept = [(name, value) for name, value in parse_qsl(text, keep_blank_values=True) if name != "cursor"]
    path = call.scope.get("raw_path", b"").partition(b"?")[0].decode("latin-1") or call.scope["path"]
    return {"link": f'<{base(call)}{path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'}


def to_cursor(*parts: str) -> str:
    """Return where a list goes on, as a word for an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def from_cursor(call: Call, count: int) -> list[str]:
    """Return what `to_cursor` was given; as many empty texts on a first page. Raises RefusedError: 400."""
    word = call.query.get("cursor", "")
    if not word:
        return [""] * count
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        parts = msgspec.json.decode(raw, type=list[str])
    except (ValueError, binascii.Error, msgspec.DecodeError):
        parts = []
    if len(parts) != count:
        raise RefusedError(400, "E-request", "this is no page of the list", "begin without `cursor`")
    return parts


async def reply_with_list(
    call: Call, head: Mapping[str, object], key: str, pages: AsyncIterator[Sequence[object]], headers: Mapping[str, str]
) -> None:
    """Answer with an object whose last field is a list that may be too long to be held at once."""
    await call.start(200, {"content-type": "application/json", **headers})
    await call.piece(msgspec.json.encode(head)[:-1] + (b"," if head else b"") + b'"%s":[' % key.encode())
    between = b""
    async for page in pages:
        if page:
            await call.piece(between + msgspec.json.encode(page)[1:-1])
            between = b","
    await call.piece(b"]}")
    await call.end()


def _sentence(text: str) -> str:
    return text.strip().rstrip(".") + "."
