"""An OpenID provider that listens for real and signs with keys of its own, and a browser that visits it."""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from tests.fleet.receivers import poster

from weighbridge.fleet.identity_provider import IdentityProvider

CLIENT, SECRET = "weighbridge", "s3cret &+"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider = self.server
        provider.asked.append(self.path)
        if self.path.endswith("/.well-known/openid-configuration"):
            self._answer(provider.metadata)
        elif self.path.endswith("/keys"):
            self._answer({"keys": [key.as_dict(private=False) for key in provider.keys]})
        else:
            self._answer({}, 404)

    def do_POST(self) -> None:
        provider = self.server
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        provider.posted.append((dict(self.headers), form))
        challenge = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        expected = provider.codes.pop(form["code"][0], None)
        if expected is None or expected != base64.urlsafe_b64encode(challenge).decode().rstrip("="):
            self._answer({"error": "invalid_grant"}, 400)
            return
        self._answer({"token_type": "Bearer", "access_token": "access", "id_token": provider.id_token()})

    def _answer(self, body: dict, status: int = 200) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class OpenIdProvider(ThreadingHTTPServer):
    """Use it as a context manager. `claims` is what it says of whoever comes; tests change what they like."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}/staff"
        self.keys = [RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})]
        self.signs_with, self.algorithm = self.keys[0], "RS256"
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?kept=1",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        self.claims = {"sub": "u-1", "preferred_username": "Ada", "groups": ["security"]}
        self.more: dict = {}
        self.now = 0
        self.nonce = ""
        self.codes: dict[str, str] = {}
        self.asked: list[str] = []
        self.posted: list = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join(60)
        self.server_close()

    def turn_key(self) -> None:
        """Sign with a new key from now on."""
        self.signs_with, self.algorithm = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"}), "ES256"
        self.keys = [*self.keys, self.signs_with]

    def id_token(self) -> str:
        """Return what it says of whoever comes."""
        half = hashlib.sha256(b"access").digest()[:16]
        said = {"iss": self.issuer, "aud": CLIENT, "iat": self.now, "exp": self.now + 300, "nonce": self.nonce}
        said["at_hash"] = base64.urlsafe_b64encode(half).decode().rstrip("=")
        header = {"alg": self.algorithm, "kid": self.signs_with.kid}
        return jwt.encode(header, {**said, **self.claims, **self.more}, self.signs_with, algorithms=[self.algorithm])

    def visit(self, address: str, code: str = "code") -> dict[str, str]:
        """Do what the browser and the person do there; return what the browser brings back."""
        parts = urlsplit(address)
        assert address.startswith(f"{self.issuer}/authorize?kept=1&")
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid profile email")
        assert asked["code_challenge_method"] == "S256"
        self.codes[code] = asked["code_challenge"]
        self.nonce = asked["nonce"]
        return {"code": code, "state": asked["state"]}

    def known(self, monotonic=lambda: 0.0, secret: str = SECRET) -> IdentityProvider:
        """Return it as the server knows it."""
        return IdentityProvider(self.issuer, CLIENT, secret, ("openid", "profile", "email"), poster(), monotonic)
