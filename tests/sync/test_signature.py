"""Signed requests: the standard's own example, every way to get round a signature, and replays."""

import base64
import tracemalloc

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.sync.messages import endpoint_id_of
from weighbridge.sync.signature import (
    COVERED,
    WINDOW_SECONDS,
    Nonces,
    SignatureError,
    content_digest,
    read,
    sign,
    signature_base,
    verify,
)

KEY = PrivateKey("device", bytes(range(32)))
OTHER = PrivateKey("device", bytes(range(1, 33)))
NAME = endpoint_id_of(KEY.public.public)
NOW = 1_790_000_000
NONCE = "n" * 22
BODY = b'{"version":1}'


def fields(signer: PrivateKey = KEY, body: bytes = BODY, created: int = NOW, path: str = "/v1/sync") -> dict[str, str]:
    made = sign("POST", path, body, key_id=NAME, created=created, nonce=NONCE, signer=signer.sign_bytes)
    return {name.lower(): value for name, value in made.items()}


def checked(
    sent: dict[str, str] | list[tuple[str, str]],
    body: bytes = BODY,
    method: str = "POST",
    path: str = "/v1/sync",
    now: float = NOW,
) -> None:
    pairs = [*sent.items()] if isinstance(sent, dict) else sent
    verify(read(pairs), method, path, pairs, body, now=now, holds=KEY.public.holds_on)


def code_of(sent: dict[str, str] | list[tuple[str, str]], **how: object) -> str:
    with pytest.raises(SignatureError) as caught:
        checked(sent, **how)  # type: ignore[arg-type]  (the caller names parameters of `checked`)
    return caught.value.code


def test_the_example_of_the_standard() -> None:
    """RFC 9421, B.1.4 and B.2.6."""
    private = load_der_private_key(
        base64.b64decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF"), None
    )
    assert isinstance(private, Ed25519PrivateKey)
    base = signature_base(
        [
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("@method", "POST"),
            ("@path", "/foo"),
            ("@authority", "example.com"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ],
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"',
    )
    expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(private.sign(base)).decode() == expected


def test_the_digests_of_the_standard() -> None:
    """RFC 9530, appendix A and B."""
    assert content_digest(b'{"hello": "world"}') == "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"
    assert content_digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


def test_a_signed_request_holds() -> None:
    checked(fields())


@given(st.permutations(COVERED), st.permutations(["created", "keyid", "nonce", "alg"]))
def test_the_order_of_components_and_parameters_is_part_of_what_is_signed(
    components: list[str], parameters: list[str]
) -> None:
    values = {"created": str(NOW), "keyid": f'"{NAME}"', "nonce": f'"{NONCE}"', "alg": '"ed25519"'}
    stated = " ".join(f'"{name}"' for name in components)
    inner = f"({stated})" + "".join(f";{name}={values[name]}" for name in parameters)
    parts = {"@method": "POST", "@path": "/v1/sync", "content-digest": content_digest(BODY)}
    base = signature_base(((name, parts[name]) for name in components), inner)
    signature = base64.b64encode(KEY.sign_bytes(base)).decode()
    sent = {
        "content-digest": content_digest(BODY),
        "signature-input": f"wb={inner}",
        "signature": f"wb=:{signature}:",
    }
    checked(sent)
    altered = fields()["signature-input"]
    if f"wb={inner}" != altered:
        assert code_of(sent | {"signature-input": altered}) == "signature"


def test_header_fields_may_come_in_any_order() -> None:
    checked([*reversed([*fields().items()]), ("host", "elsewhere.example")])


def test_another_key_body_method_or_path_does_not_hold() -> None:
    assert code_of(fields(OTHER)) == "signature"
    assert code_of(fields(), body=BODY + b" ") == "signature"
    assert code_of(fields() | {"content-digest": content_digest(b"x")}, body=b"x") == "signature"
    assert code_of(fields(), method="PUT") == "signature"
    assert code_of(fields(), path="/v1/enroll") == "signature"


@pytest.mark.parametrize("missing", ["signature", "signature-input", "content-digest"])
def test_nothing_may_be_missing_or_sent_twice(missing: str) -> None:
    sent = fields()
    assert code_of({name: value for name, value in sent.items() if name != missing}) == "signature"
    assert code_of([*sent.items(), (missing, sent[missing])]) == "signature"
    assert code_of(sent | {missing: ""}) == "signature"
    assert code_of(sent | {missing: "x" * 100_000}) == "signature"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wb=(", "sig1=("),
        (' "content-digest"', ""),
        ('"@path" ', ""),
        ('"@path"', '"@path" "@path"'),
        ('"@path"', '"@query"'),
        ('alg="ed25519"', 'alg="none"'),
        ('alg="ed25519"', 'alg="hmac-sha256"'),
        (";alg=", ";tag="),
        (f";created={NOW}", ""),
        (f";created={NOW}", f';created="{NOW}"'),
        (f";created={NOW}", f";created={NOW};created={NOW + 1}"),
        (f";created={NOW}", f";created=-{NOW}"),
        (f';nonce="{NONCE}"', ""),
        (f';nonce="{NONCE}"', ';nonce="short"'),
        (f';keyid="{NAME}"', ';keyid="../../etc/passwd"'),
        (f';keyid="{NAME}"', f";keyid={NAME}"),
    ],
)
def test_what_is_signed_cannot_be_negotiated(old: str, new: str) -> None:
    stated = fields()["signature-input"]
    assert old in stated
    altered = stated.replace(old, new)
    # Signed anew by the right key: the form alone is why it is refused.
    names = altered.partition("(")[2].partition(")")[0].replace('"', "").split()
    parts = {"@method": "POST", "@path": "/v1/sync", "content-digest": content_digest(BODY), "@query": "?"}
    base = signature_base(((name, parts[name]) for name in names), altered.partition("=")[2])
    signature = base64.b64encode(KEY.sign_bytes(base)).decode()
    assert code_of(fields() | {"signature-input": altered, "signature": f"wb=:{signature}:"}) == "signature"


@pytest.mark.parametrize(
    "signature", ["wb=::", "wb=:AAAA:", "wb=:" + "A" * 88 + ":", "none", "wb=:" + "é" * 86 + "==:"]
)
def test_no_signature_is_none(signature: str) -> None:
    assert code_of(fields() | {"signature": signature}) == "signature"


@pytest.mark.parametrize("away", [-WINDOW_SECONDS - 1, WINDOW_SECONDS + 1, -315_360_000, 315_360_000])
def test_a_signature_of_another_time_is_refused_and_says_so(away: int) -> None:
    assert code_of(fields(created=NOW + away)) == "clock"
    checked(fields(created=NOW + away), now=NOW + away)


def test_a_stranger_is_not_told_about_the_clock() -> None:
    assert code_of(fields(OTHER, created=NOW - 10_000)) == "signature"


def test_what_came_before_is_refused_as_long_as_its_signature_would_be_taken() -> None:
    nonces = Nonces()
    nonces.take("a", NONCE, 0.0)
    nonces.take("b", NONCE, 0.0)
    for later in (0.0, WINDOW_SECONDS - 1.0, 2 * WINDOW_SECONDS + 0.0):
        with pytest.raises(SignatureError) as caught:
            nonces.take("a", NONCE, later)
        assert caught.value.code == "replayed"


@given(st.lists(st.floats(0, 400), max_size=60))
def test_a_nonce_is_never_taken_twice_within_the_window(pauses: list[float]) -> None:
    nonces, now, taken = Nonces(), 1000.0, {}
    for number, pause in enumerate(pauses):
        now += pause
        name = f"nonce-{number % 7}"
        try:
            nonces.take("a", name, now)
        except SignatureError:
            assert now - taken[name] <= 4 * WINDOW_SECONDS + 400
        else:
            assert now - taken.get(name, float("-inf")) > 2 * WINDOW_SECONDS
            taken[name] = now


def test_nonces_are_bounded() -> None:
    nonces = Nonces(most=3)
    for number in range(3):
        nonces.take("a", str(number), 0.0)
    with pytest.raises(SignatureError) as caught:
        nonces.take("a", "more", 0.0)
    assert caught.value.code == "busy"
    nonces.take("a", "more", 10 * WINDOW_SECONDS)
    assert len(nonces) == 1


def test_a_nonce_takes_little_room() -> None:
    """A hundred thousand endpoints send 400,000 of them before the oldest are forgotten."""
    nonces, count = Nonces(), 20_000
    tracemalloc.start()
    try:
        for number in range(count):
            nonces.take(f"endpoint-{number}", f"{number:064}", 0.0)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept / count < 180
