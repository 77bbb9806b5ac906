"""What Ollama is told when it pulls a code: that its machine is linked to an account, which its login just did.

Source: Ollama, `server/images.go` (people see the body of a 403).
"""

from weighbridge.hub import dialects, proofs, refusal
from weighbridge.hub.call import Call, Route
from weighbridge.hub.machine_codes import NAMESPACE
from weighbridge.hub.oci_refusing import refuse


async def linked(call: Call) -> None:
    """Have a machine log in for its code, and tell its person that it is done; there is nothing to pull."""
    viewer = call.caller.viewer
    if viewer is None or proofs.kind_of(proofs.id_of(call.caller)) != proofs.MACHINE_KEY:
        await refuse(call, refusal.no_account(call.hub.origin))
        return
    text = f"Done: Ollama on this machine signs in to this hub as {viewer.name}. Nothing was pulled."
    await call.reply(403, dialects.oci_body("DENIED", text), {"content-type": "application/json"})


ROUTES = (
    Route(
        methods=("GET", "HEAD"),
        pattern=f"/v2/{NAMESPACE}/[a-z0-9-]{{1,80}}/manifests/[^/]{{1,128}}",
        access="anyone",
        answer=linked,
        face="oci",
    ),
)
