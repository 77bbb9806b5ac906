"""A local server that hands requests to somebody else's machines.

What it finds: a server on this machine that offers models which are computed elsewhere: Ollama's entries with a remote
host, and names that end in `cloud`.

Why it matters: people take a server on their own machine for local. Prompts to these models leave it, with whatever
confidential text is in them, under the account that is signed in.

Example: `ollama run gpt-oss:120b-cloud` on a laptop sends every prompt to ollama.com.

What to do: switch it off (`OLLAMA_NO_CLOUD=1`, or `disable_ollama_cloud` in `server.json`), or allow it knowingly by
policy. Remove the models with `ollama rm`.

Known misses: gateways (LiteLLM and the like), where every model may be elsewhere and their answers do not say; servers
that forward without saying so.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.server_observation import CloudModels


def judge(cloud: CloudModels, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a server with models that are computed elsewhere."""
    del subject
    if not cloud.models:
        return
    count = len(cloud.models)
    remedy = f"Set {cloud.forbid}, or allow it by policy." if cloud.forbid else "Remove them, or allow them by policy."
    what = cloud.models[0][:80] if count == 1 else f"{cloud.models[0][:80]} and {count - 1} more"
    yield Finding(
        check=CHECK.id,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        message=f"{cloud.title} on this machine sends prompts for {what} to somebody else's machines.",
        remedy=remedy,
        implies=Assessment.CLEAN,
        evidence=Evidence(key="models", value=", ".join(cloud.models)[:200]),
    )


CHECK = Check(
    id="cloud-forwarding",
    title="Local server that forwards to the cloud",
    wants=(CloudModels,),
    judge=judge,
)
