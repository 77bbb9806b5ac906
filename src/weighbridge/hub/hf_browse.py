"""What is left of the addresses of a Hugging Face Hub: pages, which the catalog has, and what is not held here."""

from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import ANYONE
from weighbridge.hub.hf_request import ELSEWHERE, FACE
from weighbridge.hub.names import parse_name


async def browse(call: Call) -> None:
    """Lead a person to the page of a model."""
    name = parse_name(f"{call.parts['namespace']}/{call.parts['name']}")
    await call.reply(302, headers={"location": f"/catalog/{name}"})


async def nothing_here(call: Call) -> None:
    """Say that this hub has no such thing, as clients understand it."""
    text = "This hub holds models; it has no data sets, spaces, discussions or jobs."
    headers = {"x-error-code": "RepoNotFound", "x-error-message": text}
    await call.reply_json({"error": text}, 404, headers)


ROUTES = (
    Route(
        methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
        pattern="/api/(?!v1/|v1$).*",
        access=ANYONE,
        answer=nothing_here,
        face=FACE,
    ),
    Route(
        methods=("GET",),
        pattern=f"/{ELSEWHERE}(?P<namespace>[^/]+)/(?P<name>[^/]+)(?:/(?:tree|blob|commit|commits)/.*)?",
        access=ANYONE,
        answer=browse,
        face=FACE,
    ),
)
"""The last ones to be tried."""
