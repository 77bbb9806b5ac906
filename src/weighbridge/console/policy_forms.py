"""What people do with policies on their page: upload, bring what was signed, halt, go on, go back.

Nothing here signs: what people sign is a file that they fetch, and bring back with their signatures.
"""

from collections.abc import Awaitable, Mapping
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile

from weighbridge.console.form_calls import call, checked, fields, refusal
from weighbridge.console.page import Notice, see_other
from weighbridge.console.policy_page import policy_page
from weighbridge.fleet import policy_routes
from weighbridge.fleet.given import GivenServer, GivenViewer, WebRequest
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.fleet.policy_rings import USUAL_BUDGET, rings_of
from weighbridge.fleet.server import Server
from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.pack import MOST_FILES, TESTS_FOLDER, is_wanted
from weighbridge.sync.judging import LARGEST_METADATA
from weighbridge.sync.policy_metadata import described, merged

_PUBLISH: dict[str, Any] = {"opt": needs(Permission.POLICY_PUBLISH), "include_in_schema": False}
_READ: dict[str, Any] = {"opt": needs(Permission.POLICY_READ), "include_in_schema": False}
_MOST_SIGNED = 20
_LARGEST = 1 << 20


@post("/policy/versions", **_PUBLISH)
async def do_upload(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Check and try a policy folder, and keep it under the next number."""

    async def job() -> str:
        form = await request.form()
        uploaded = [one for one in form.getall("files", []) if isinstance(one, UploadFile) and one.filename]
        files = folder_of({one.filename: await one.read(_LARGEST + 1) for one in uploaded[: 2 * MOST_FILES]})
        texts = {path: content.decode("utf-8", "replace") for path, content in files.items()}
        data = checked({"files": texts, "note": str(form.get("note") or "")}, policy_routes.NewPolicy)
        made = await call(policy_routes.upload_policy, server, viewer, data)
        return f"uploaded={made.number}"

    return await _done(request, server, viewer, job())


@get("/policy/versions/{number:str}/sign", **_READ)
async def fetch_what_to_sign(server: GivenServer, number: policy_routes.Number) -> Response[bytes]:
    """Hand out the file that people sign."""
    found = await call(policy_routes.show_what_to_sign, server, number)
    headers = {"Content-Disposition": f'attachment; filename="policy-{int(number)}.sign.json"'}
    return Response(found.text.encode(), media_type="application/json", headers=headers)


@post("/policy/publish", **_PUBLISH)
async def do_publish(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Take what people signed: a policy, which is rolled out, or a root."""

    async def job() -> str:
        form = await request.form()
        given = [one for one in form.getall("signed", []) if isinstance(one, UploadFile) and one.filename]
        texts = [await one.read(LARGEST_METADATA + 1) for one in given[:_MOST_SIGNED]]
        if not texts:
            raise WeighbridgeError("E-policy-metadata", "no file was given", "choose the file that people signed")
        content = merged(texts)
        if described(content).kind == "root":
            root = checked({"text": content.decode("utf-8", "replace")}, policy_routes.SignedRoot)
            await call(policy_routes.take_root, server, viewer, root)
            return "did=root"
        budget = str(form.get("budget") or USUAL_BUDGET)
        values = {"text": content.decode("utf-8", "replace"), "budget": budget}
        data = checked(values, policy_routes.SignedPolicies)
        data.rings = [*rings_of(str(form.get("rings") or "")[:2000])]
        await call(policy_routes.publish_policy, server, viewer, data)
        return "did=publish"

    return await _done(request, server, viewer, job())


@post("/policy/roll-out", **_PUBLISH)
async def do_roll_out(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Halt a roll-out, or let it go on."""

    async def job() -> str:
        form = await fields(request)
        data = checked({"reason": form.get("reason", "")}, policy_routes.Reason)
        halts = form.get("do") == "halt"
        route = policy_routes.halt_roll_out if halts else policy_routes.go_on_with_roll_out
        await call(route, server, viewer, data)
        return "did=halt" if halts else "did=go-on"

    return await _done(request, server, viewer, job())


@post("/policy/again", **_PUBLISH)
async def do_again(request: WebRequest, server: GivenServer, viewer: GivenViewer) -> Response[Any]:
    """Give what an earlier policy says a new number."""

    async def job() -> str:
        form = await fields(request)
        data = checked({"reason": form.get("reason", "")}, policy_routes.Reason)
        made = await call(policy_routes.take_policy_again, server, viewer, form.get("number", ""), data)
        return f"uploaded={made.number}"

    return await _done(request, server, viewer, job())


def folder_of(uploaded: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a policy by relative path, from what a browser sends of a folder, or of files one by one.

    Raises:
        WeighbridgeError: `E-policy-unreadable`: a file is too large.
    """
    found: dict[str, bytes] = {}
    for name, content in uploaded.items():
        parts = [part for part in name.replace("\\", "/").split("/") if part]
        path = "/".join(parts[-2:]) if parts[-2:-1] == [TESTS_FOLDER.rstrip("/")] else "".join(parts[-1:])
        if not is_wanted(path) and is_wanted(TESTS_FOLDER + path):
            path = TESTS_FOLDER + path  # files that were chosen one by one come without their folder
        if not is_wanted(path):
            continue
        if len(content) > _LARGEST:
            raise WeighbridgeError(
                "E-policy-unreadable", f"{path} is larger than {_LARGEST >> 20} MB", "remove what is not policy"
            )
        found[path] = content
    return found


async def _done(request: WebRequest, server: Server, viewer: Viewer, job: Awaitable[str]) -> Response[Any]:
    try:
        return see_other(f"/policy?{await job}")
    except WeighbridgeError as error:
        notice: Notice = refusal(error)
        return await policy_page(request, server, viewer, notice=notice, status=getattr(error, "status", 400))


ROUTES = [do_upload, fetch_what_to_sign, do_publish, do_roll_out, do_again]
