"""Who asks a face of the hub, by what proof, with which tool; and what that lets them do in a namespace."""

import re

from sqlalchemy import Connection

from weighbridge.fleet.permissions import Permission, Viewer
from weighbridge.hub import grants
from weighbridge.hub.names import Name
from weighbridge.model.record import record

_AGENT = re.compile(r"agent/([A-Za-z0-9_.-]{1,64})", re.ASCII)
_TOOL = re.compile(r"\s*([A-Za-z0-9_.-]{1,64})(?:/([A-Za-z0-9_.+-]{1,32}))?", re.ASCII)


@record
class Caller:
    """Who asks.

    `viewer` is None for somebody without an account. `may_write` is False for a proof that lets its bearer only read.
    """

    viewer: Viewer | None
    may_write: bool = False
    proof: str = "none"
    """`none`, `token`, `registry` (a token that lasts some minutes), `session`."""
    tool: str = ""
    """The client and its version, as it says."""
    agent: str = ""
    """The AI agent that drives the client, as it says."""
    scopes: frozenset[tuple[str, str]] | None = None
    """Repositories (names in lower case) and actions (`pull`, `push`) that a token of the registry is limited to."""

    @property
    def name(self) -> str:
        """What records call them."""
        return self.viewer.name if self.viewer else "anybody"


def tool_of(user_agent: str) -> tuple[str, str]:
    """Return the tool with its version, and the agent that drives it, from `User-Agent`; empty where it does not say.

    Source: huggingface_hub, `utils/_headers.py` (`agent/<name>` when a coding agent drives the client).
    """
    # A client that was not told which library uses it begins with words that say so, then names itself.
    tool, agent = _TOOL.match(user_agent.removeprefix("unknown/None;")), _AGENT.search(user_agent)
    said = "" if tool is None else tool[1] if tool[2] is None else f"{tool[1]} {tool[2]}"
    return said, agent[1] if agent else ""


def covers(caller: Caller, name: Name, action: str) -> bool:
    """Tell whether a caller's token of the registry, if they have such, is for an action in a repository."""
    return caller.scopes is None or (name.alias, action) in caller.scopes


def may_read(connection: Connection, caller: Caller, namespace: str, *, open_to_all: bool) -> bool:
    """Tell whether a caller may have served releases of a namespace. `open_to_all`: whether nobody needs an account."""
    viewer = caller.viewer
    given = grants.of_namespace(connection, namespace)
    readers = {grant.account_id for grant in given if grant.right == grants.READ}
    if viewer is None:
        return open_to_all and not readers
    if viewer.may(Permission.HUB_MANAGE):
        return True
    return viewer.may(Permission.MODELS_READ) and (
        not readers or any(grant.account_id == viewer.account_id for grant in given)
    )


def hidden_from(connection: Connection, caller: Caller) -> set[str] | None:
    """Return the namespaces (in lower case) that `may_read` refuses a caller; None: all of them.

    That somebody without an account may read at all was decided before.
    """
    viewer = caller.viewer
    if viewer is None:
        return grants.closed_namespaces(connection)
    if viewer.may(Permission.HUB_MANAGE):
        return set()
    if not viewer.may(Permission.MODELS_READ):
        return None
    return grants.closed_namespaces(connection) - {
        grant.namespace for grant in grants.of_account(connection, viewer.account_id)
    }


def may_publish(connection: Connection, caller: Caller, namespace: str) -> bool:
    """Tell whether a caller may send releases of a namespace into quarantine.

    Nobody sends where they may not read: the answers to what they send would tell them what is there.
    """
    viewer = caller.viewer
    if viewer is None or not caller.may_write or not may_read(connection, caller, namespace, open_to_all=False):
        return False
    if viewer.may(Permission.MODELS_PUBLISH):
        given = grants.of_namespace(connection, namespace)
        publishers = {grant.account_id for grant in given if grant.right == grants.PUBLISH}
        return not publishers or viewer.account_id in publishers or viewer.may(Permission.HUB_MANAGE)
    given = grants.of_account(connection, viewer.account_id)
    return any(grant.namespace == namespace.lower() and grant.right == grants.PUBLISH for grant in given)


def may_review(connection: Connection, caller: Caller, namespace: str) -> bool:
    """Tell whether a caller may decide what becomes of releases of a namespace.

    Where reviewers are named, only they; else every approver who may read there. So nobody sees a closed namespace by
    deciding about it.
    """
    viewer = caller.viewer
    if viewer is None or not viewer.may(Permission.REQUESTS_DECIDE):
        return False
    if viewer.may(Permission.HUB_MANAGE):
        return True
    given = grants.of_namespace(connection, namespace)
    mine = {grant.right for grant in given if grant.account_id == viewer.account_id}
    named = {grant.right for grant in given}
    return grants.REVIEW in mine if grants.REVIEW in named else grants.READ not in named or bool(mine)
