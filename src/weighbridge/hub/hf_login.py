"""`hf auth login` by code: the two addresses that clients of the Hugging Face Hub know for it.

Sources: RFC 8628, sections 3.1 to 3.5; RFC 6749, section 5.2 (errors); huggingface_hub, `utils/_oauth_device.py`.
"""

from urllib.parse import parse_qsl

from sqlalchemy import Connection

from weighbridge.fleet import audit
from weighbridge.fleet.accounts import by_id
from weighbridge.fleet.authentication import address_of, too_often, viewer_of
from weighbridge.hub import device_login
from weighbridge.hub.call import Call, Route
from weighbridge.hub.device_login import Redeemed

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_LARGEST = 1 << 14
_CLIENTS = {"26be6b09-91c5-47da-9861-d2d2bb7a7e36": "hf auth login"}
"""Ids with which tools begin a login (`constants.py` of huggingface_hub), whose `User-Agent` names their library."""


async def begin_login(call: Call) -> None:
    """Give a tool a code to show, and one to ask with."""
    server, address = call.hub.server, address_of(call.scope)
    if wait := server.challenges.take(f"device-login from {address}"):
        raise too_often("too many logins begin at your address", wait)
    form = await _form(call)
    now, tool = server.clock(), _CLIENTS.get(form.get("client_id", ""), call.caller.tool)
    begun = await server.store.write(lambda connection: device_login.begin(connection, now, tool=tool, address=address))
    page = f"{call.hub.origin}/catalog/device"
    await call.reply_json(
        {
            "device_code": begun.device_code,
            "user_code": begun.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?code={begun.user_code}",
            "expires_in": device_login.LASTS_SECONDS,
            "interval": device_login.INTERVAL_SECONDS,
        }
    )


async def give_token(call: Call) -> None:
    """Give a tool its token once its person allowed that, or say why not."""
    server, address = call.hub.server, address_of(call.scope)
    if wait := server.challenges.take(f"device-token to {address}"):
        raise too_often("your address asks too often", wait)
    form = await _form(call)
    if form.get("grant_type") != _GRANT:
        text = "this hub gives tokens for device codes alone; log in again"
        await call.reply_json({"error": "unsupported_grant_type", "error_description": text}, 400)
        return
    now, device_code = server.clock(), form.get("device_code", "")

    def job(connection: Connection) -> Redeemed | str:
        given = device_login.redeem(connection, now, device_code)
        if isinstance(given, Redeemed):
            account = by_id(connection, given.account_id)
            viewer = None if account is None else viewer_of(account)
            audit.note(connection, now, viewer, "hub-token.make", given.account_id, {"by": "device-login"})
        return given

    given = await server.store.write(job)
    if isinstance(given, str):
        await call.reply_json({"error": given}, 400)
        return
    lasts = device_login.TOKEN_LASTS // 1000
    answer = {"access_token": given.token, "token_type": "bearer", "expires_in": lasts}
    await call.reply_json(answer, headers={"cache-control": "no-store"})


async def _form(call: Call) -> dict[str, str]:
    return dict(parse_qsl((await call.body(_LARGEST)).decode("ascii", "replace")))


ROUTES = (
    Route(methods=("POST",), pattern=r"/oauth/device", access="anyone", answer=begin_login, face="hf"),
    Route(methods=("POST",), pattern=r"/oauth/token", access="anyone", answer=give_token, face="hf"),
)
