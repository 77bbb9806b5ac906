"""Every route of the face with what nobody should send: a clear 4xx in its own words, or an answer; never a failure."""

import re

import pytest
from tests.hub.approved import approved
from tests.hub.uploading import writer

from weighbridge.hub.hf_request import ELSEWHERE
from weighbridge.hub.registry import ROUTES

FACE = [route for route in ROUTES if route.face == "hf"]
PARTS = (
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "%F0%9F%98%80",
    "e%CC%81",
    "a%0d%0aX-Evil:%201",
    "a%22b%27c%3Cscript%3E",
    "x" * 3_000,
    "-",
    "main",
    "0" * 40,
)
BODIES = (
    b"",
    b"null",
    b"[]",
    b"{",
    b'{"a":' * 20_000,
    b'{"name":"\\ud800","organization":"\\udfff","paths":["\\ud83d"],"tag":"\\ud800","content":"\\ud800"}',
    b"\xff\xfe\x00",
    b'{"objects":[{"oid":1e999}],"files":[{"path":"a","size":-1}],"operation":"upload"}',
    b"paths=%ff%00&paths=" + b"%2e%2e/" * 1_000,
    b"HFRepoMetaData" + b"\x00" * 200,
)
HEADERS = (
    {},
    {"range": "bytes=" + "9" * 4_000 + "-"},
    {"content-type": "application/json; charset=\xff", "user-agent": "\xff" * 3_000},
    {"if-none-match": '"' * 3_000, "if-range": "\x00" * 10, "content-length": "5"},
)


SHAPED = {"oid": "a" * 64, "xorb": "a" * 64, "upload": "0" * 32, "part": "1", "account": "0" * 32}
"""Parts that a pattern takes in one shape alone."""


def addresses(pattern: str) -> list[str]:
    """Return addresses that a route's pattern may take, with each of the nasty parts."""
    named = re.compile(r"\(\?P<(\w+)>((?:[^()]|\([^()]*\))*)\)")
    plain = pattern.replace(ELSEWHERE, "").replace("(?!v1/|v1$)", "")
    found = []
    for at, part in enumerate((*PARTS, *PARTS)):
        model = "acme/tiny" if at < len(PARTS) else f"acme/{part}"
        shaped = {"model": model, **SHAPED}
        address = named.sub(lambda group, to=shaped, part=part: to.get(group[1], part), plain)
        address = re.sub(r"\(\?:([^()|]*)[^()]*\)\??", r"\1", address).replace("\\.", ".").replace(".*", part)
        found.append(re.sub(r"\[\^?[^\]]*\](\{[^}]*\}|\+|\*)?", "1", address))
    return found


@pytest.mark.parametrize("route", FACE, ids=lambda route: f"{route.methods[0]} {route.answer.__name__}")
def test_nothing_fails(served, route):
    approved(served)
    client = writer(served)
    asked = 0
    listed = addresses(route.pattern)
    assert any(re.fullmatch(route.pattern, address) for address in listed)
    for at, address in enumerate(listed):
        if at % 12 == 0:
            served.clock.pass_seconds(60)
        for method in route.methods:
            body = {} if method in ("GET", "HEAD") else {"content": BODIES[at % len(BODIES)]}
            headers = {name: value.encode("latin-1") for name, value in HEADERS[at % len(HEADERS)].items()}
            for query in ("", "?cursor=%ff&expand=%00&limit=1e9&ticket=%ff.%ff&recursive=" + "x" * 500):
                answer = client.request(method, f"{address}{query}", headers=headers, **body)
                assert answer.status_code < 500, (method, address, answer.text[:300])
                assert "x-evil" not in answer.headers
                if (
                    answer.status_code >= 400
                    and method != "HEAD"
                    and answer.headers["content-type"] == "application/json"
                ):
                    assert answer.json()["error"], address
                asked += 1
    assert asked >= 4 * len(PARTS)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_every_body_to_every_route_that_takes_one(served, body):
    approved(served)
    client = writer(served)
    for address in (
        "/api/repos/create",
        "/api/validate-yaml",
        "/acme/tiny.git/info/lfs/objects/batch",
        "/acme/tiny.git/info/lfs/verify",
        *(f"/api/models/acme/tiny/{what}/main" for what in ("commit", "preupload", "paths-info", "branch", "tag")),
    ):
        answer = client.post(address, content=body)
        assert answer.status_code < 500, (address, answer.text[:300])
        assert answer.status_code < 300 or answer.json()["error"]
