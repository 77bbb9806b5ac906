"""Models from an OCI registry: Ollama's manifests, ModelPack, and other artifacts whose layers are files.

The commit of such a release is the beginning of its manifest's digest. Source: OCI distribution 1.1, "Pulling
manifests"; OCI image 1.1, "Image Manifest"; CNCF model-spec 0.0.7, `org.cncf.model.filepath`; Ollama,
`server/images.go` (media types of layers); RFC 6750 and the token flow of Docker's registry documentation.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from weighbridge.host.outgoing import OutgoingError
from weighbridge.host.outgoing_stream import Fetcher
from weighbridge.hub.media_types import packing
from weighbridge.hub.names import check_path, is_sha256
from weighbridge.hub.upstream import LARGEST, UpstreamFile, UpstreamRelease, refused, unreachable
from weighbridge.hub.worker import CannotError
from weighbridge.model.errors import WeighbridgeError

_LARGEST_MANIFEST = 8 << 20
_MOST_LAYERS = 20_000
_ACCEPTED = ", ".join(
    (
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_OLLAMA = "application/vnd.ollama.image."
_NAMES = {
    "adapter": "adapter.gguf",
    "license": "LICENSE",
    "messages": "messages",
    "model": "model.gguf",
    "params": "params",
    "projector": "projector.gguf",
    "system": "system",
    "template": "template",
}
"""What a layer of Ollama's is called as a file."""
_PATHS = ("org.cncf.model.filepath", "org.opencontainers.image.title")
_PARAMETER = re.compile(r'(\w+)="([^"]{0,1000})"')


class Registry:
    """An OCI registry.

    Args:
        fetcher: asks it.
        origin: `https://registry.example.com`.
        token: what it is shown; empty for none, or for what it gives to everybody.
        token_origins: where else it may give its tokens.
    """

    def __init__(self, fetcher: Fetcher, origin: str, token: str = "", token_origins: Sequence[str] = ()) -> None:
        self._fetcher = fetcher
        self._origin = origin.rstrip("/")
        self._token_origins = token_origins
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    @property
    def headers(self) -> Mapping[str, str]:
        """What is sent with a request for a file, to this very server alone."""
        return self._headers

    async def find(self, name: str, revision: str) -> UpstreamRelease:
        """Return what a name and a tag mean there. Raises CannotError, WeighbridgeError `E-upstream`."""
        where = f"{self._origin}/v2/{quote(name.lower())}"
        tag = "latest" if revision == "main" else revision
        content = await self._whole(f"{where}/manifests/{quote(tag, safe='')}", name)
        try:
            manifest = msgspec.json.decode(content)
        except msgspec.MsgspecError as error:
            raise CannotError(f"the upstream answers nonsense for {name}") from error
        layers = manifest.get("layers") if isinstance(manifest, dict) else None
        if not isinstance(layers, list) or not 0 < len(layers) <= _MOST_LAYERS:
            raise CannotError(f"what the upstream has under {name} is no model: its manifest has no layers")
        files: dict[str, UpstreamFile] = {}
        for layer in layers:
            file = _file(where, layer, files)
            files[file.path] = file
        if sum(one.size for one in files.values()) > LARGEST:
            raise CannotError(f"{name} is larger than any release may be")
        return UpstreamRelease(commit=sha256(content).hexdigest()[:40], files=tuple(files.values()))

    async def _whole(self, url: str, what: str) -> bytes:
        for is_second in (False, True):
            try:
                async with self._fetcher.fetch(url, {"Accept": _ACCEPTED, **self._headers}) as answer:
                    if answer.status == 200:
                        return await answer.whole(_LARGEST_MANIFEST)
                    challenge = answer.headers.get("www-authenticate", "")
                    if answer.status != 401 or is_second or not challenge.lower().startswith("bearer "):
                        raise refused(answer.status, what)
            except OutgoingError as error:
                raise unreachable(error) from error
            await self._log_in(challenge, what)
        raise AssertionError("the second answer was an answer")

    async def _log_in(self, challenge: str, what: str) -> None:
        """Get the token that a registry gives to everybody, from where it says, if it may be there."""
        said = dict(_PARAMETER.findall(challenge))
        realm = said.get("realm", "")
        here, there = _place(self._origin), _place(realm)
        if there != here and there not in map(_place, self._token_origins):
            raise CannotError(
                f"the upstream gives its tokens at {there[1][:100] or 'no place'}: list that in "
                "`upstream_token_origins`, or put a token into `upstream_token_file`"
            )
        asked = urlencode({name: said[name] for name in ("service", "scope") if name in said})
        try:
            async with self._fetcher.fetch(f"{realm}?{asked}", dict(self._headers) if there == here else {}) as answer:
                if answer.status != 200:
                    raise refused(answer.status, what)
                given = msgspec.json.decode(await answer.whole(_LARGEST_MANIFEST))
        except OutgoingError as error:
            raise unreachable(error) from error
        except msgspec.MsgspecError as error:
            raise CannotError("the upstream gives no token") from error
        token = (given.get("token") or given.get("access_token")) if isinstance(given, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise CannotError("the upstream gives no token")
        self._headers = {"Authorization": f"Bearer {token}"}


def _place(url: str) -> tuple[str, str]:
    """Return scheme, and host with port, of an address; empty for one that is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()


def _file(where: str, layer: Any, known: Mapping[str, UpstreamFile]) -> UpstreamFile:  # noqa: ANN401  (of a stranger)
    """Return the file that a layer is. Raises CannotError."""
    if not isinstance(layer, dict):
        raise CannotError("the upstream's manifest holds no layers")
    kind, size, digest = layer.get("mediaType"), layer.get("size"), layer.get("digest")
    if not isinstance(kind, str) or not isinstance(size, int) or size < 0 or not isinstance(digest, str):
        raise CannotError("the upstream's manifest holds a layer that is none")
    algorithm, _, plain = digest.partition(":")
    if algorithm != "sha256" or not is_sha256(plain):
        raise CannotError("the upstream's manifest names a digest that is no SHA-256")
    annotations = layer.get("annotations")
    packed = packing(kind, annotations if isinstance(annotations, dict) else {})
    try:
        path = f"{plain}.{packed}" if packed else check_path(_path(kind, annotations, known))
    except WeighbridgeError as error:
        raise CannotError(f"the upstream lists {error.message}") from error
    return UpstreamFile(path=path, size=size, sha256=plain, url=f"{where}/blobs/{digest}", packed=packed)


def _path(kind: str, annotations: object, known: Mapping[str, UpstreamFile]) -> str:
    """Return what a layer is called as a file."""
    for name in _PATHS if isinstance(annotations, dict) else ():
        said = annotations.get(name) if isinstance(annotations, dict) else None
        if isinstance(said, str) and said:
            return said
    word = kind.removeprefix(_OLLAMA) if kind.startswith(_OLLAMA) else ""
    if word not in _NAMES:
        raise CannotError(f"the upstream has a layer of an unknown kind: {kind[:100]}")
    path, number = _NAMES[word], 2
    while path in known:
        stem, dot, ending = _NAMES[word].partition(".")
        path, number = f"{stem}-{number}{dot}{ending}", number + 1
    return path
