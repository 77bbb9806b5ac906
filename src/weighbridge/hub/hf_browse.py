"""What is left of the addresses of a Hugging Face Hub: pages, which the catalog has, and what is not held here."""

from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import ANYONE
from weighbridge.hub.hf_request import API, ELSEWHERE, FACE
from weighbridge.hub.names import parse_name


async def browse(call: Call) -> None:
    """Lead a person to the page of a model."""
    name = parse_name(f"{call.parts['namespace']}/{call.parts['name']}")
    await call.reply(302, headers={"location": f"/catalog/{name}"})


async def not_by_this_api(call: Call) -> None:
    """Say where people go to do what clients cannot do here: nothing is deleted, renamed or discussed by them."""
    link = f"{call.hub.origin}/catalog"
    text = f"This is done in the catalog, not by this tool; a release is revoked there, not deleted: {link}"
    await call.reply_json({"error": text}, 403, {"x-error-message": text})


async def no_discussion(call: Call) -> None:
    """Say what stands for discussions and pull requests; `hf upload --create-pr` begins with one."""
    text = f"Every upload is reviewed here, so there are no pull requests or discussions: {call.hub.origin}/catalog"
    await call.reply_json({"error": text}, 403, {"x-error-message": text})


async def nothing_here(call: Call) -> None:
    """Say that this hub has no such thing, as clients understand it."""
    text = "This hub holds models; it has no data sets, spaces, discussions or jobs."
    # Where people type `hf`, the message gives way to how they create what is not there; the warning is printed.
    headers = {"x-error-code": "RepoNotFound", "x-error-message": text, "x-hf-warning": f"models; {text}"}
    await call.reply_json({"error": text}, 404, headers)


_ALL = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ROUTES = (
    Route(methods=_ALL, pattern=f"{API}/discussions(?:/.*)?", access=ANYONE, answer=no_discussion, face=FACE),
    Route(methods=_ALL, pattern="/api/(?:models|repos)/.*", access=ANYONE, answer=not_by_this_api, face=FACE),
    Route(
        methods=_ALL,
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
