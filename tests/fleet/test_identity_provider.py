import asyncio
import base64
import hmac
import json

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.fleet.openid import CLIENT, SECRET, OpenIdProvider

from weighbridge.fleet.identity_provider import IdentityProvider
from weighbridge.fleet.problem import RefusedError

NOW = 1_790_000_000
REDIRECT = "http://127.0.0.1:8480/sign-in/provider/answer"
VERIFIER = "v" * 43


@pytest.fixture
def provider():
    with OpenIdProvider() as started:
        started.now = NOW
        yield started


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def ask(provider: OpenIdProvider, known: IdentityProvider, code: str = "code") -> dict:
    async def job():
        brought = provider.visit(await known.way_in(REDIRECT, "state", "nonce", VERIFIER), code)
        return await known.claims(brought["code"], REDIRECT, "nonce", VERIFIER, NOW)

    return asyncio.run(job())


def test_what_a_provider_says_is_believed(provider):
    said = ask(provider, provider.known())
    assert (said["sub"], said["groups"]) == ("u-1", ["security"])
    ((headers, form),) = provider.posted
    pair = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{CLIENT}:s3cret%20%26%2B"
    assert "client_secret" not in form
    assert form["redirect_uri"] == [REDIRECT]


@pytest.mark.parametrize("secret", ["", SECRET])
def test_other_ways_to_say_who_the_client_is(provider, secret):
    provider.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    ask(provider, provider.known(secret=secret))
    ((headers, form),) = provider.posted
    assert "Authorization" not in headers
    assert form["client_id"] == [CLIENT]
    assert form.get("client_secret", [""]) == [secret]


@pytest.mark.parametrize(
    "more",
    [
        {"iss": "http://127.0.0.1/other"},
        {"aud": "somebody else"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": NOW - 121},
        {"nbf": NOW + 121},
        {"iat": "now"},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"at_hash": "AAAA"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_does_not_fit_is_not_believed(provider, more):
    provider.more = more
    with pytest.raises(RefusedError) as caught:
        ask(provider, provider.known())
    assert (caught.value.status, caught.value.code) == (401, "E-sign-in")


def test_a_code_works_once(provider):
    known = provider.known()
    ask(provider, known)

    async def again():
        await known.claims("code", REDIRECT, "nonce", VERIFIER, NOW)

    with pytest.raises(RefusedError, match="was used"):
        asyncio.run(again())


def test_another_key_is_fetched_at_most_once_a_minute(provider):
    time = Time()
    known = provider.known(time)
    ask(provider, known)
    provider.turn_key()
    time.now = 30.0
    with pytest.raises(RefusedError):
        ask(provider, known)
    time.now = 61.0
    assert ask(provider, known)["sub"] == "u-1"
    assert len([path for path in provider.asked if path.endswith("/keys")]) == 2
    assert len([path for path in provider.asked if "well-known" in path]) == 1


def test_signatures_that_anybody_could_make(provider):
    head, body, _ = provider.id_token().split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    shared_head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"one"}').decode().rstrip("=")
    made = hmac.digest(provider.keys[0].as_pem(private=False), f"{shared_head}.{body}".encode(), "sha256")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    other = RSAKey.generate_key(2048, {"kid": "one"})
    forged = [
        f"{none}.{body}.",
        f"{head}.{body}.",
        f"{shared_head}.{body}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}",
        jwt.encode({"alg": "RS256", "kid": "one"}, said, other, algorithms=["RS256"]),
        "",
        "a.b",
        "\ud800.b.c",
    ]
    for token in forged:
        provider.id_token = lambda token=token: token
        with pytest.raises(RefusedError) as caught:
            ask(provider, provider.known())
        assert caught.value.status in (401, 502)


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "http://127.0.0.1/other"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": "no address"},
        {"jwks_uri": None},
        {"authorization_endpoint": "https://user@host/"},
    ],
)
def test_a_provider_that_says_nonsense_of_itself(provider, change):
    provider.metadata |= change
    with pytest.raises(RefusedError) as caught:
        ask(provider, provider.known())
    assert (caught.value.status, caught.value.code) == (502, "E-identity-provider")


def test_nobody_is_there(provider):
    known = IdentityProvider("http://127.0.0.1:1/staff", CLIENT, "", ("openid",), provider.known()._poster, lambda: 0.0)
    with pytest.raises(RefusedError, match="cannot be asked"):
        asyncio.run(known.metadata())
