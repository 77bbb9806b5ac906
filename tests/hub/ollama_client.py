"""What Ollama does with a registry, request by request, and what its people see: read in its sources, tried with them.

Pull: manifest with one type in `Accept`; of each blob HEAD, then GET without a range to learn its address, then ranges
of that address without a token, whose status it does not look at; at last the digests. Push: HEAD, POST, PATCH with
`Content-Range: a-b`, PUT with `digest` and `etag`, then the manifest. Source: Ollama (August 2026), `server/images.go`,
`server/download.go`, `server/upload.go`, `server/auth.go`.
"""

import base64
import hashlib
import json
import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
AGENT = "ollama/0.30.0 (amd64 linux) Go/go1.25"
_CHALLENGE = re.compile(r'(realm|service|scope)="([^"]*)"')


class RefusedError(Exception):
    """What `ollama pull` and `ollama push` print after `Error:`."""


class OllamaClient:
    """A machine with Ollama.

    Args:
        origin: of the registry.
        now: seconds since 1970.
        part: bytes of a part, which Ollama makes 100 MB and more.
    """

    def __init__(self, origin: str, now: float, part: int = 100_000) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.line = self._key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, dict[str, Any]] = {}
        self._origin, self._now, self._part = origin, int(now), part
        self._token, self._nonce = "", 0

    def pull(self, name: str) -> dict[str, Any]:
        """Pull `namespace/model:tag`; return the manifest. Raises RefusedError."""
        model, _, tag = name.partition(":")
        address = f"{self._origin}/v2/{model}/manifests/{tag or 'latest'}"
        manifest = self._ask("GET", address, {"Accept": DOCKER}).json()
        for one in [*manifest["layers"], manifest["config"]]:
            if one["digest"] not in self.blobs:
                self.blobs[one["digest"]] = self._blob(f"{self._origin}/v2/{model}/blobs/{one['digest']}")
        for one in [*manifest["layers"], manifest["config"]]:
            if f"sha256:{hashlib.sha256(self.blobs[one['digest']]).hexdigest()}" != one["digest"]:
                raise RefusedError("digest mismatch, file must be downloaded again")
        self.manifests[name] = manifest
        return manifest

    def push(self, name: str) -> None:
        """Push what `manifests` holds under a name. Raises RefusedError."""
        model, _, tag = name.partition(":")
        manifest = self.manifests[name]
        for one in [*manifest["layers"], manifest["config"]]:
            self._send(f"{self._origin}/v2/{model}/blobs/", one["digest"])
        address = f"{self._origin}/v2/{model}/manifests/{tag or 'latest'}"
        self._ask("PUT", address, {"Content-Type": DOCKER}, json.dumps(manifest).encode())

    def keep(self, content: bytes, kind: str) -> dict[str, Any]:
        """Take a blob into the store of this machine; return what points to it."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.blobs[digest] = content
        return {"mediaType": kind, "digest": digest, "size": len(content)}

    def _blob(self, address: str) -> bytes:
        total = int(self._ask("HEAD", address).headers.get("Content-Length", "0"))
        found = self._ask("GET", address)
        if found.status_code not in (200, 307) or "Location" not in found.headers:
            raise RefusedError("http: no Location header in response")
        direct, content = str(found.url.join(found.headers["Location"])), bytearray()
        for start in range(0, total, self._part):
            end = min(total, start + self._part)
            # The token does not go along, and the status is not looked at.
            content += _sent("GET", direct, {"Range": f"bytes={start}-{end - 1}"}).content
        return bytes(content)

    def _send(self, blobs: str, digest: str) -> None:
        try:
            self._ask("HEAD", blobs + digest)
        except FileNotFoundError:
            pass
        else:
            return
        content = self.blobs[digest]
        where = self._ask("POST", f"{blobs}uploads/").headers["Location"]
        sums = b""
        parts = range(0, len(content), self._part)
        for start in parts:
            piece = content[start : start + self._part]
            headers = {"Content-Range": f"{start}-{start + len(piece) - 1}", "X-Redirect-Uploads": "1"}
            # Used as it is: an address without its host would be none.
            where = self._ask("PATCH", _whole(where), headers, piece).headers["Location"]
            sums += hashlib.md5(piece, usedforsecurity=False).digest()
        etag = f"{hashlib.md5(sums, usedforsecurity=False).hexdigest()}-{len(parts)}"
        self._ask("PUT", f"{_whole(where)}?{urlencode({'digest': digest, 'etag': etag})}")

    def _ask(self, method: str, address: str, headers: dict[str, str] | None = None, content: bytes = b"") -> Any:
        for _ in range(2):
            sent = (headers or {}) | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
            answer = _sent(method, address, sent, content)
            if answer.status_code == 401:
                self._token = self._log_in(answer.headers.get("WWW-Authenticate", ""), urlsplit(address).netloc)
            elif answer.status_code == 404:
                raise FileNotFoundError("file does not exist")
            elif answer.status_code >= 400:
                raise RefusedError(f"{answer.status_code}: {answer.text}")
            else:
                return answer
        raise RefusedError("unauthorized: access denied")

    def _log_in(self, challenge: str, host: str) -> str:
        said = dict(_CHALLENGE.findall(challenge))
        if urlsplit(said["realm"]).netloc != host:
            raise RefusedError(f"realm host {urlsplit(said['realm']).netloc!r} does not match original host {host!r}")
        self._nonce += 1
        query = [("service", said["service"]), *(("scope", one) for one in said["scope"].split(" "))]
        query += [("ts", str(self._now)), ("nonce", f"n{self._nonce}")]
        address = f"{said['realm']}?{urlencode(sorted(query))}"
        nothing = base64.b64encode(hashlib.sha256(b"").hexdigest().encode()).decode()
        signature = base64.b64encode(self._key.sign(f"GET,{address},{nothing}".encode())).decode()
        answer = _sent("GET", address, {"Authorization": f"{self.line.split()[1]}:{signature}"})
        if answer.status_code >= 400:
            raise RefusedError(f"{answer.status_code}: {answer.text}")
        return answer.json()["token"]


def _sent(method: str, address: str, headers: dict[str, str], content: bytes = b"") -> httpx.Response:
    named = {"User-Agent": AGENT} | headers
    return httpx.request(method, address, headers=named, content=content, timeout=60.0, trust_env=False)


def _whole(address: str) -> str:
    if not urlsplit(address).scheme:
        raise RefusedError('unsupported protocol scheme ""')
    return address
