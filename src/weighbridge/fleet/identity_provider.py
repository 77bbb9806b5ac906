"""The organization's identity provider: where it lets people in, and whether what it says of them is its own word.

What it says is believed if its signature, issuer, audience, times, nonce and access token fit, by its published keys.
Those are fetched when first needed and again, at most once a minute, when a key is unknown.

Source: OpenID Connect Core 1.0, sections 2, 3.1.2 and 3.1.3; OpenID Connect Discovery 1.0, sections 3 and 4; RFC 6749,
section 4.1; RFC 7636 (PKCE); RFC 9207 (issuer in the answer); RFC 9700 (best current practice).
"""

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec
from msgspec import Struct

from weighbridge.fleet.problem import RefusedError
from weighbridge.host.outgoing import OutgoingError
from weighbridge.host.outgoing_http import Answer, Poster, checked

ALGORITHMS = ("ES256", "ES384", "ES512", "Ed25519", "EdDSA", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512")
"""Of signatures that are believed: with keys that the provider alone has, so never `none` and never a shared secret."""
CLOCK_SKEW_SECONDS = 120
_WELL_KNOWN = "/.well-known/openid-configuration"
_LARGEST = 256 * 1024
_KEEP_SECONDS = 3600.0
_BETWEEN_SECONDS = 60.0
T = TypeVar("T")
Claims = Mapping[str, Any]


class Metadata(Struct, frozen=True, kw_only=True):
    """What a provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class _Tokens(Struct, frozen=True, kw_only=True):
    id_token: str
    access_token: str


class IdentityProvider:
    """A provider that the server's settings name.

    Args:
        issuer: as its metadata and its tokens name it.
        client_id: how it knows this server.
        client_secret: empty for a client that has none; PKCE is used in any case.
        scopes: what is asked for.
        poster: reaches it.
        monotonic: seconds of a clock that only goes forward.
        authorities: certificates in PEM that are trusted instead of the system's.
    """

    def __init__(
        self,
        issuer: str,
        client_id: str,
        client_secret: str,
        scopes: tuple[str, ...],
        poster: Poster,
        monotonic: Callable[[], float],
        authorities: str = "",
    ) -> None:
        self.issuer, self.client_id, self._secret, self._scopes = issuer, client_id, client_secret, scopes
        self._poster, self._monotonic, self._authorities = poster, monotonic, authorities
        self._alone = asyncio.Lock()
        self._metadata: Metadata | None = None
        self._known_at = self._keys_at = 0.0
        self._keys: dict[str, Any] | None = None

    async def metadata(self) -> Metadata:
        """Return what the provider says of itself, fetched at most once an hour. Raises RefusedError 502."""
        async with self._alone:
            if self._metadata is None or self._monotonic() - self._known_at > _KEEP_SECONDS:
                url = self.issuer.rstrip("/") + _WELL_KNOWN
                found = self._decoded(await self._fetched(url), Metadata)
                if found.issuer != self.issuer:
                    raise failed(f"it calls itself {found.issuer[:200]!r}, and the settings {self.issuer!r}")
                for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                    self._check_address(address)
                self._metadata, self._known_at = found, self._monotonic()
            return self._metadata

    async def way_in(self, redirect: str, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser is sent. Raises RefusedError 502.

        Args:
            redirect: where it sends the browser back to.
            state: comes back with the browser.
            nonce: comes back within the signed answer.
            verifier: of PKCE; only its hash is sent.
        """
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        return str(
            prepare_grant_uri(
                (await self.metadata()).authorization_endpoint,
                self.client_id,
                "code",
                redirect_uri=redirect,
                scope=list(self._scopes),
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),  # type: ignore[no-untyped-call]
                code_challenge_method="S256",
            )
        )

    async def claims(self, code: str, redirect: str, nonce: str, verifier: str, now: int) -> Claims:
        """Return what the provider says of whoever brought a code.

        Args:
            code: that the browser brought.
            redirect: as it was given to `way_in`.
            nonce: as it was given to `way_in`.
            verifier: of PKCE.
            now: seconds since 1970.

        Raises:
            RefusedError: 401 if the code or what came for it is not good, 502 if the provider did not answer as one.
        """
        known = await self.metadata()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if not self._secret:
            form["client_id"] = self.client_id
        elif "client_secret_basic" in known.token_endpoint_auth_methods_supported:
            pair = f"{quote(self.client_id, safe='')}:{quote(self._secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": self.client_id, "client_secret": self._secret}
        body = urlencode(form).encode()
        try:
            answer = await self._poster.post(known.token_endpoint, body, headers, self._authorities, _LARGEST)
        except OutgoingError as error:
            raise failed(str(error)) from None
        if answer.status in (400, 401):
            raise _not_believed("it does not take the code: it was used, is too old, or this server is unknown to it")
        tokens = self._decoded(answer, _Tokens)
        return await self._verified(tokens, nonce, now)

    async def _verified(self, tokens: _Tokens, nonce: str, now: int) -> Claims:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            key_id = _key_id(tokens.id_token)
            token = jwt.decode(tokens.id_token, await self._key_set(key_id), algorithms=ALGORITHMS)
            said = CodeIDToken(
                token.claims,
                token.header,
                {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": self.client_id}},
                {"nonce": nonce, "client_id": self.client_id, "access_token": tokens.access_token},
            )
            said.validate(now=now, leeway=CLOCK_SKEW_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise _not_believed(f"what it says does not hold: {type(error).__name__}") from None
        if said.get("nonce") != nonce:
            raise _not_believed("what it says is no answer to this question")
        return dict(said)

    async def _key_set(self, key_id: str | None) -> Any:  # noqa: ANN401  (joserfc loads with the first sign-in)
        from joserfc.jwk import KeySet

        known = await self.metadata()
        async with self._alone:
            age = self._monotonic() - self._keys_at
            ids = {one.get("kid") for one in (self._keys or {}).get("keys", [])}
            unknown = key_id is not None and key_id not in ids and age > _BETWEEN_SECONDS
            if self._keys is None or age > _KEEP_SECONDS or unknown:
                found = self._decoded(await self._fetched(known.jwks_uri), dict[str, list[dict[str, Any]]])
                signing = [one for one in found.get("keys", []) if one.get("use", "sig") == "sig" and _is_public(one)]
                self._keys, self._keys_at = {"keys": signing}, self._monotonic()
        keys: Any = self._keys  # its own types are narrower than JSON
        return KeySet.import_key_set(keys)

    async def _fetched(self, url: str) -> Answer:
        try:
            return await self._poster.get(url, self._authorities, _LARGEST)
        except OutgoingError as error:
            raise failed(str(error)) from None

    def _decoded(self, answer: Answer, kind: type[T]) -> T:
        if answer.status != 200:
            raise failed(f"it answered {answer.status}")
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise failed("it did not answer as an OpenID provider") from None

    def _check_address(self, address: str) -> None:
        try:
            parts = checked(address)
        except OutgoingError:
            raise failed("it names an address that is none") from None
        if parts.scheme != "https" and not self.issuer.startswith("http://"):
            raise failed("it names an address without TLS")


def failed(reason: str) -> RefusedError:
    """Return the error of a provider that cannot be asked."""
    return RefusedError(
        502, "E-identity-provider", f"the identity provider cannot be asked: {reason}", "an administrator's link works"
    )


def _not_believed(reason: str) -> RefusedError:
    return RefusedError(401, "E-sign-in", f"the identity provider: {reason}", "begin again at the page for signing in")


def _key_id(token: str) -> str | None:
    head = token.partition(".")[0]
    content = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))
    found = msgspec.json.decode(content, type=dict[str, Any]).get("kid")
    return found if isinstance(found, str) else None


def _is_public(key: Mapping[str, Any]) -> bool:
    return key.get("kty") in ("RSA", "EC", "OKP") and "d" not in key
