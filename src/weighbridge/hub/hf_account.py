"""Who a token is, and what else clients ask for that is about no model: agents that drive them, use, rights.

Sources: huggingface_hub, `hf_api.py` (`whoami`, `auth_check`), `utils/_detect_agent.py`, `utils/_telemetry.py`.
"""

from sqlalchemy import Connection

from weighbridge.hub import caller, grants, hub_tokens, models, refusal
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import ANYONE, READ, WRITE
from weighbridge.hub.hf_request import API, FACE, moment, name_of, refuse, served
from weighbridge.hub.names import Name
from weighbridge.hub.refusal import Refusal

_HARNESSES = {
    "standardEnvVars": ["AI_AGENT", "AGENT"],
    "harnesses": {
        "claude-code": {"envVars": {"CLAUDECODE": "*"}},
        "codex": {"envVars": {"CODEX_SANDBOX": "*"}},
        "cursor": {"envVars": {"CURSOR_AGENT": "*"}},
        "gemini-cli": {"envVars": {"GEMINI_CLI": "*"}},
        "opencode": {"envVars": {"OPENCODE": "*"}},
    },
}
"""By which variables clients tell that an agent drives them: they say so in `User-Agent`, and the audit names it."""


async def whoami(call: Call) -> None:
    """Answer with the account of the caller, and what its token is for."""
    asked = call.caller
    viewer = asked.viewer
    if viewer is None:
        await refuse(call, refusal.no_account(call.hub.origin))
        return
    token, namespaces = await call.hub.server.store.read(
        lambda connection: (_token(connection, asked), grants.of_account(connection, viewer.account_id))
    )
    access = {"displayName": token.name if token else "weighbridge", "role": "write" if asked.may_write else "read"}
    if token:
        access["createdAt"] = moment(token.created_at)
    orgs = [
        {"type": "org", "id": name, "name": name, "fullname": name, "avatarUrl": "", "isEnterprise": False}
        for name in sorted({grant.namespace for grant in namespaces})
    ]
    await call.reply_json(
        {
            "type": "user",
            "id": viewer.account_id,
            "name": viewer.name,
            "fullname": viewer.name,
            "isPro": False,
            "canPay": False,
            "avatarUrl": "",
            "orgs": orgs,
            "auth": {"type": "access_token", "accessToken": access},
        }
    )


def _token(connection: Connection, asked: caller.Caller) -> hub_tokens.HubToken | None:
    viewer = asked.viewer
    if viewer is None or viewer.token_id is None:
        return None
    known = hub_tokens.of_account(connection, viewer.account_id)
    return next((token for token in known if token.token_id == viewer.token_id), None)


async def agent_harnesses(call: Call) -> None:
    """Answer with how agents are recognized; clients ask once a day."""
    await call.reply_json(_HARNESSES)


async def telemetry(call: Call) -> None:
    """Take what libraries tell about their use, and keep nothing of it."""
    await call.reply(200)


async def auth_check(call: Call) -> None:
    """Answer whether the caller may have what `main` of a model is."""
    if await served(call) is not None:
        await call.reply_json({})


async def auth_check_write(call: Call) -> None:
    """Answer whether the caller may commit to a model."""
    name, asked, origin = name_of(call), call.caller, call.hub.origin
    why = await call.hub.server.store.read(lambda connection: not_to_publish(connection, asked, name, origin))
    if why is not None:
        await refuse(call, why)
        return
    await call.reply_json({})


def not_to_publish(connection: Connection, asked: caller.Caller, name: Name, origin: str) -> Refusal | None:
    """Return why a caller may not commit to a model; None if they may."""
    if caller.may_publish(connection, asked, name.namespace):
        return None
    known = models.by_name(connection, name)
    if known is None or not caller.may_read(connection, asked, name.namespace, open_to_all=False):
        return refusal.not_allowed(origin, str(name))
    return refusal.not_allowed(origin, known.full_name)


ROUTES = (
    Route(methods=("GET",), pattern="/api/whoami-v2", access=ANYONE, answer=whoami, face=FACE),
    Route(methods=("GET",), pattern="/api/agent-harnesses", access=ANYONE, answer=agent_harnesses, face=FACE),
    Route(methods=("GET", "HEAD"), pattern="/api/telemetry/.*", access=ANYONE, answer=telemetry, face=FACE),
    Route(methods=("GET",), pattern=f"{API}/auth-check/write", access=WRITE, answer=auth_check_write, face=FACE),
    Route(methods=("GET",), pattern=f"{API}/auth-check", access=READ, answer=auth_check, face=FACE),
)
