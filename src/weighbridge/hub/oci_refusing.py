"""How an OCI client is refused: with the codes of its protocol, and so that its people see the sentence.

Ollama shows the body of any refusal but 401 and 404. Every client logs in when it is told where, by 401.
Sources: OCI distribution 1.1, "Error Codes"; CNCF Distribution, "Token Authentication Specification"; Ollama,
`server/images.go` (`makeRequestWithRetry`), `server/auth.go` (the realm must stand on the host that was asked).
"""

import re

from weighbridge.hub import dialects, refusal
from weighbridge.hub.call import Call
from weighbridge.hub.oci_asked import is_ollama
from weighbridge.hub.on_demand import wished
from weighbridge.hub.refusal import Refusal

_REPOSITORY = re.compile(r"/v2/([A-Za-z0-9._/-]+)/(?:manifests|blobs|tags|referrers)/", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](?::[0-9]{1,5})?", re.ASCII)
_BLOBS, _UPLOADS = "/blobs/", "/blobs/uploads/"


async def refuse(call: Call, why: Refusal) -> None:
    """Answer with a refusal."""
    named = _REPOSITORY.match(call.scope["path"])
    why = await wished(call, named[1] if named else "", why)
    said = dialects.refused("oci", why)
    status, headers, body = said
    if call.caller.proof == "none" and why.reason in (refusal.UNKNOWN, refusal.NOT_ALLOWED):
        # To whoever did not say who they are, what they may not see and what is not there look the same.
        status, body = 401, dialects.oci_body("UNAUTHORIZED", why.text)
    elif why.reason == refusal.UNKNOWN and not is_ollama(call):
        status, body = 404, dialects.oci_body("NAME_UNKNOWN", why.text)
    elif status == 404 and is_ollama(call) and call.method == "GET":
        status, body = 403, dialects.oci_body("DENIED", why.text)
    if status == 401:
        headers = headers | {"www-authenticate": challenge(call)}
    await call.reply(status, body, headers)


async def refuse_unknown(call: Call, code: str, text: str) -> None:
    """Answer that a blob, manifest or upload is not there."""
    await call.reply(404, dialects.oci_body(code, text), {"content-type": "application/json"})


async def refuse_scope(call: Call, also: str = "") -> None:
    """Ask for a token that covers what this request does. `also`: a repository that it reads from, too."""
    text = "This token is for another repository, or does not cover this. Log in again for it."
    headers = {
        "content-type": "application/json",
        "www-authenticate": challenge(call, also=also, error="insufficient_scope"),
    }
    await call.reply(401, dialects.oci_body("UNAUTHORIZED", text), headers)


def challenge(call: Call, *, also: str = "", error: str = "") -> str:
    """Return `WWW-Authenticate`: where a token is to be had, and for what."""
    path = (call.scope.get("raw_path") or call.scope["path"].encode()).decode("latin-1")
    said = f'Bearer realm="{outer_origin(call)}/token",service="{service(call)}"'
    if found := _REPOSITORY.match(path.partition("?")[0]):
        # Who pushes asks first whether a blob is here, and some clients take no other token for what follows.
        reads = _UPLOADS not in path and (call.method == "GET" or (call.method == "HEAD" and _BLOBS not in path))
        actions = "pull" if reads else "pull,push"
        more = f" repository:{also}:pull" if also else ""
        said += f',scope="repository:{found[1]}:{actions}{more}"'
    return f'{said},error="{error}"' if error else said


def outer_origin(call: Call) -> str:
    """Return the origin under which the client reached this hub: one of several names that it has on loopback."""
    origin, host = call.hub.origin, call.header("host")
    # The gate lets only names of this server pass, where it knows them.
    return f"{origin.partition('://')[0]}://{host}" if _HOST.fullmatch(host) else origin


def service(call: Call) -> str:
    """Return what this registry is called in requests for tokens."""
    return outer_origin(call).partition("://")[2]
