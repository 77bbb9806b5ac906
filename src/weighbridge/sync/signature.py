"""Signed requests: HTTP message signatures with Ed25519 over method, path and the digest of the body. Pure.

What a signature covers is fixed: `"@method" "@path" "content-digest"` with `created`, `keyid`, `nonce` and, if stated,
`alg="ed25519"`. The order of components and parameters is the sender's choice and part of what is signed; everything
else is refused, so there is nothing to negotiate down. The host is not covered: proxies may change it, and a device key
belongs to one server.

Source: RFC 9421 (sections 2.3, 2.5, 3.1, 3.2), RFC 9530 (Content-Digest), RFC 8941 (structured fields).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

LABEL = "wb"
COVERED = ("@method", "@path", "content-digest")
WINDOW_SECONDS = 300
"""How far `created` may lie from the server's clock, either way."""
_LONGEST_FIELD = 1024
_TEXT = r'"[\x20\x21\x23-\x5b\x5d-\x7e]{1,100}"'
_INPUT = re.compile(
    rf'{LABEL}=(\(((?:"[a-z@-]{{1,20}}" ?){{1,8}})\)((?:;[a-z]{{1,10}}=(?:{_TEXT}|[0-9]{{1,12}})){{1,8}}))'
)
_PARAMETER = re.compile(r';([a-z]{1,10})=(?:"([^"]{1,100})"|([0-9]{1,12}))')
_SIGNATURE = re.compile(rf"{LABEL}=:([A-Za-z0-9+/]{{86}}==):")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_KEY_ID = re.compile(r"[a-z2-7]{16}")


class SignatureError(Exception):
    """A request is not signed as it must be.

    Args:
        code: `signature`, `clock` or `replayed`, as in `messages.REFUSALS`.
        reason: a sentence.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Signed(NamedTuple):
    """What the signature fields of a request state; nothing is verified yet."""

    key_id: str
    created: int
    nonce: str
    parameters: str
    """As they were sent, which is how they are signed."""
    components: tuple[str, ...]
    signature: bytes


def content_digest(body: bytes) -> str:
    """Return the field that states the digest of a body as it is sent."""
    return f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"


def signature_base(components: Iterable[tuple[str, str]], parameters: str) -> bytes:
    """Return what is signed (RFC 9421, 2.5).

    Args:
        components: name and value of each, in order.
        parameters: the inner list with its parameters.
    """
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def sign(
    method: str, path: str, body: bytes, *, key_id: str, created: int, nonce: str, signer: Callable[[bytes], bytes]
) -> dict[str, str]:
    """Return the header fields that sign a request.

    Args:
        method: in capitals.
        path: without a query.
        body: as it is sent.
        key_id: the endpoint's.
        created: POSIX time.
        nonce: 16 to 64 characters that were never used before.
        signer: returns the 64 bytes of an Ed25519 signature.
    """
    stated = content_digest(body)
    names = " ".join(f'"{name}"' for name in COVERED)
    parameters = f'({names});created={created};keyid="{key_id}";nonce="{nonce}";alg="ed25519"'
    base = signature_base(zip(COVERED, (method, path, stated), strict=True), parameters)
    return {
        "Content-Digest": stated,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{b64encode(signer(base)).decode()}:",
    }


def read(fields: Sequence[tuple[str, str]]) -> Signed:
    """Return what the fields of a request state about its signature.

    Args:
        fields: all of them, names in lower case, as often as they were sent.

    Raises:
        SignatureError: a field is missing, sent twice, or not as it must be.
    """
    stated = _INPUT.fullmatch(_only(fields, "signature-input"))
    signature = _SIGNATURE.fullmatch(_only(fields, "signature"))
    if stated is None or signature is None:
        raise SignatureError("signature", "the signature fields are malformed")
    components = tuple(re.findall(r'"([^"]*)"', stated[2]))
    found: dict[str, str] = {}
    for name, text, number in _PARAMETER.findall(stated[3]):
        if name in found or name not in ("created", "keyid", "nonce", "alg") or bool(number) != (name == "created"):
            raise SignatureError("signature", f"the parameter {name} does not belong there")
        found[name] = text or number
    if sorted(components) != sorted(COVERED):
        raise SignatureError("signature", "the signature does not cover what it must")
    if found.get("alg", "ed25519") != "ed25519":
        raise SignatureError("signature", "the algorithm is not ed25519")
    if not _KEY_ID.fullmatch(found.get("keyid", "")) or not _NONCE.fullmatch(found.get("nonce", "")):
        raise SignatureError("signature", "keyid or nonce is missing or malformed")
    if "created" not in found:
        raise SignatureError("signature", "the signature does not say when it was made")
    try:
        content = b64decode(signature[1], validate=True)
    except NotBase64:
        raise SignatureError("signature", "the signature is malformed") from None
    return Signed(found["keyid"], int(found["created"]), found["nonce"], stated[1], components, content)


def verify(
    signed: Signed,
    method: str,
    path: str,
    fields: Sequence[tuple[str, str]],
    body: bytes,
    *,
    now: float,
    holds: Callable[[bytes, bytes], bool],
) -> None:
    """Verify a request that was read; time last, so that a stranger learns nothing of the clock.

    Args:
        signed: what `read` returned.
        method: of the request.
        path: of the request, without a query.
        fields: of the request.
        body: as it was received.
        now: POSIX time.
        holds: tells whether a signature (second) is that of the key on a message (first).

    Raises:
        SignatureError: it does not hold.
    """
    stated = _only(fields, "content-digest")
    if not compare_digest(stated.encode(), content_digest(body).encode()):
        raise SignatureError("signature", "the digest of the body is another one")
    values: Mapping[str, str] = {"@method": method, "@path": path, "content-digest": stated}
    base = signature_base(((name, values[name]) for name in signed.components), signed.parameters)
    if not holds(base, signed.signature):
        raise SignatureError("signature", "the signature does not hold")
    if abs(now - signed.created) > WINDOW_SECONDS:
        raise SignatureError("clock", "the signature is from another time")


class Nonces:
    """Remembers who sent which nonce, for as long as its signature would be taken.

    Two sets that take turns: what is in neither was not seen in the last window, and nothing is kept for longer than
    two. Who floods it with valid signatures is an enrolled endpoint, and is refused beyond `most`.

    Kept are hashes of 64 bits, which take a third of the room. Where two are the same, once in 10^13 messages, the
    second is refused and sent anew.

    Args:
        most: nonces that are kept at the same time.
    """

    def __init__(self, most: int = 1_000_000) -> None:
        self._most = most
        self._new: set[int] = set()
        self._old: set[int] = set()
        self._turned = float("-inf")

    def __len__(self) -> int:
        """Return how many are remembered."""
        return len(self._new) + len(self._old)

    def take(self, key_id: str, nonce: str, now: float) -> None:
        """Take note of a nonce of a verified request.

        Args:
            key_id: whose.
            nonce: which.
            now: seconds on a clock that never steps.

        Raises:
            SignatureError: it was there before.
        """
        if now - self._turned > 2 * WINDOW_SECONDS:
            self._old = self._new if now - self._turned <= 4 * WINDOW_SECONDS else set()
            self._new, self._turned = set(), now
        one = hash((key_id, nonce))
        if one in self._new or one in self._old:
            raise SignatureError("replayed", "this very request came before")
        if len(self) >= self._most:
            raise SignatureError("busy", "too many requests at once")
        self._new.add(one)


def _only(fields: Sequence[tuple[str, str]], name: str) -> str:
    found = [value for one, value in fields if one == name]
    if len(found) != 1 or len(found[0]) > _LONGEST_FIELD:
        raise SignatureError("signature", f"there is no {name} field, or more than one")
    return found[0]
