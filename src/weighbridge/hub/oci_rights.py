"""What a caller may do with a repository, and whether their token of the registry covers it.

That a token was not asked for this is answered with 401, so that clients ask for another; that the account may not,
with 403 and a sentence: asking again would change nothing.
"""

from weighbridge.hub import refusal
from weighbridge.hub.call import Call
from weighbridge.hub.caller import covers, may_publish
from weighbridge.hub.names import Name
from weighbridge.hub.oci_refusing import refuse, refuse_scope

PULL, PUSH = "pull", "push"


async def may_pull(call: Call, name: Name) -> bool:
    """Tell whether the caller's token covers reading a repository; if not, answer that."""
    if covers(call.caller, name, PULL):
        return True
    await refuse_scope(call)
    return False


async def may_push(call: Call, name: Name) -> bool:
    """Tell whether the caller may send something into a repository; if not, answer that."""
    caller = call.caller
    allowed = await call.hub.server.store.read(lambda connection: may_publish(connection, caller, name.namespace))
    if not allowed:
        await refuse(call, refusal.not_allowed(call.hub.origin, str(name)))
        return False
    if not covers(caller, name, PUSH):
        await refuse_scope(call)
        return False
    return True
