"""What a hub has under a name: the commit that a version means, and its files with digests.

Source: huggingface_hub, `hf_api.py` (`model_info`, `list_repo_tree`), whose two addresses are asked.
"""

import re
from urllib.parse import quote, urlsplit

from msgspec import DecodeError, Struct, ValidationError, json

from weighbridge.host.fleet_http import UNTRUSTED, FleetClient, HttpError, HttpReply
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.model.release_path import is_release_path
from weighbridge.pipeline.hub_access import HubAccess

_LARGEST = 16 << 20
_MOST_PAGES = 1_000
_NEXT = re.compile(r'<([^<>\s]{1,2000})>;\s*rel="next"')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_TOMBSTONE = "tombstone"
"""The tag of a page that stands where a release was revoked: for stock clients, which forget what they have by it."""
_CODE = re.compile(r"E-[a-z][a-z-]{0,40}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,95})?")


@record
class HubFile:
    """One file of a release."""

    path: str
    sha256: str
    size: int


@record
class HubRelease:
    """A release and its files."""

    name: str
    commit: str
    revision: str
    """What was asked for: `main`, a tag, a commit."""
    files: tuple[HubFile, ...]
    warning: str = ""
    """What the hub wants its users to know: what it may be used for, what to use instead."""

    @property
    def size(self) -> int:
        """Bytes of all files, each digest counted once."""
        return sum({one.sha256: one.size for one in self.files}.values())


class _Lfs(Struct):
    oid: str
    size: int


class _Item(Struct):
    type: str
    path: str
    lfs: _Lfs | None = None


class _Info(Struct):
    id: str
    sha: str
    tags: list[str] = []


class _OciError(Struct):
    message: str = ""


class _Refused(Struct):
    errors: list[_OciError] = []
    code: str = ""
    error: str = ""
    detail: str = ""
    hint: str = ""


def list_release(client: FleetClient, access: HubAccess, name: str, revision: str) -> HubRelease:
    """Ask what a name and a version are.

    Args:
        client: the way to the hub.
        access: who asks.
        name: `namespace/name`.
        revision: a branch, a tag or a commit.

    Raises:
        WeighbridgeError: `E-hub-refused` with the hub's own words, `E-hub-unreachable`, `E-hub-answer`.
    """
    if not _NAME.fullmatch(name) or ".." in name:
        raise WeighbridgeError("E-model-name", f"this is no name of a model: {name[:100]!r}", "write namespace/name")
    reply = asked(client, f"/api/models/{quote(name)}/revision/{quote(revision, safe='')}", access)
    try:
        info = json.decode(reply.body, type=_Info)
    except (DecodeError, ValidationError) as error:
        raise nonsense(str(error)) from None
    if not _COMMIT.fullmatch(info.sha) or not _NAME.fullmatch(info.id) or ".." in info.id:
        raise nonsense("it names no commit")
    warning = reply.headers.get("x-hf-warning", "").partition(";")[2].strip()
    if _TOMBSTONE in info.tags:
        sentence, _, hint = (warning or f"{info.id} was revoked").partition(". ")
        hint = hint or f"ask for another model: wb request NAME --why ..., or look at {access.url}/catalog"
        raise WeighbridgeError("E-hub-refused", sentence.rstrip("."), hint, exit_code=21)
    files: list[HubFile] = []
    path = f"/api/models/{quote(info.id)}/tree/{info.sha}?recursive=true&expand=false"
    for _ in range(_MOST_PAGES):
        page = asked(client, path, access)
        files += _files(page.body)
        following = _NEXT.search(page.headers.get("link", ""))
        if following is None:
            break
        parts = urlsplit(following[1])  # another page of this server, whatever host it names
        path = f"{parts.path}?{parts.query}"
    else:
        raise nonsense("its list of files has no end")
    return HubRelease(name=info.id, commit=info.sha, revision=revision, files=tuple(files), warning=warning)


def unreachable(access: HubAccess, reason: str) -> WeighbridgeError:
    """Return the error of a hub that gave no answer."""
    hint = "see that it runs and that this machine reaches it, then run it again: what came so far is kept"
    if reason.startswith(UNTRUSTED):
        hint = f"tell who signed it, if that is right: wb hub setup {access.url} --ca FILE"
    return WeighbridgeError("E-hub-unreachable", f"{access.url}: {reason}", hint, exit_code=1)


def asked(
    client: FleetClient, path: str, access: HubAccess, body: bytes | None = None, *, accept: str = ""
) -> HttpReply:
    """Ask a hub and return its answer, if that is no refusal. Raises as `list_release`."""
    try:
        if body is None:
            headers = {**access.headers, "Accept": accept} if accept else access.headers
            reply = client.get(path, _LARGEST, headers)
        else:
            reply = client.post(path, body, {**access.headers, "Content-Type": "application/json"}, _LARGEST)
    except HttpError as error:
        raise unreachable(access, str(error)) from None
    if reply.status >= 400:
        raise refused(reply.status, reply.body)
    return reply


def refused(status: int, body: bytes) -> WeighbridgeError:
    """Return what a hub said when it refused, as an error: its first sentence, then what to do."""
    try:
        said = json.decode(body, type=_Refused)
    except (DecodeError, ValidationError):
        said = _Refused()
    in_oci = said.errors[0].message if said.errors else ""
    text = " ".join((said.error or said.detail or in_oci or f"the hub answered with {status}").split())[:1000]
    sentence, stop, hint = text.partition(". ")
    hint = (hint if stop else said.hint) or "ask who runs the hub"
    if status == 400 and _CODE.fullmatch(said.code):
        # What was asked makes no sense: the person has to write something else, and nobody refused them anything.
        return WeighbridgeError(said.code, sentence.rstrip("."), hint)
    return WeighbridgeError("E-hub-refused", sentence.rstrip("."), hint, exit_code=21)


def nonsense(reason: str) -> WeighbridgeError:
    """Return the error of a hub whose answer cannot be understood."""
    return WeighbridgeError(
        "E-hub-answer",
        f"the hub's answer makes no sense: {reason[:200]}",
        "perhaps this address is no hub; `wb hub setup URL` names another",
        exit_code=1,
    )


def _files(body: bytes) -> list[HubFile]:
    try:
        items = json.decode(body, type=list[_Item])
    except (DecodeError, ValidationError) as error:
        raise nonsense(str(error)) from None
    found = []
    for item in items:
        if item.type != "file":
            continue
        if (
            item.lfs is None
            or not _DIGEST.fullmatch(item.lfs.oid)
            or item.lfs.size < 0
            or not is_release_path(item.path)
        ):
            raise nonsense(f"a file without digest, or with a path that no folder may hold: {item.path[:100]!r}")
        found.append(HubFile(path=item.path, sha256=item.lfs.oid, size=item.lfs.size))
    return found
