"""Keys written out where agents and other programs can read them.

What it finds: a key for an AI service, or a secret under a telling name, written out in an agent's configuration, in
the environment or command of a tool server, in a project's file or in a shell profile. Only its format, its place and a
keyed fingerprint are kept; the value leaves the process nowhere.

Why it matters: an agent reads its own configuration, so whatever steers the agent can have the key. A project's file is
shared with everybody who gets the project. The same key in several places cannot be told apart in a log, and must be
changed in all of them at once.

Example: `"env": {"GITHUB_TOKEN": "ghp_..."}` of a tool server in `~/.claude.json`.

What to do: make the key invalid if others could read it, and let the configuration refer to it (`${GITHUB_TOKEN}`, a
keyring, a helper) instead of holding it.

Known misses: keys in files that the probe does not declare; keys that are put together from parts; formats that are not
in the list, unless the name says it.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.model.agent_observation import KeySeen
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity


def judge(seen: KeySeen, subject: Subject) -> Iterator[Finding]:
    """Yield one finding for a key that others than its owner can come to read."""
    key = seen.leaked
    if key.place == "environment":
        yield from _in_environment(seen, subject)
        return
    open_to = {"group": "its group", "everybody": "every user of this machine"}.get(key.readable_by)
    if key.place == "credential store" and open_to is None and not seen.others:
        return
    what = "A secret" if key.format == "by-name" else f"A key for {key.provider[:40]}"
    name = f" ({key.name[:60]})" if key.name else ""
    parts = [f"{what}{name} is written out in {subject.name}"]
    if open_to:
        parts.append(f"readable by {open_to}")
    if seen.others:
        parts.append(f"the same as in {seen.others} other place{'s' if seen.others > 1 else ''}")
    severe = key.place == "project file" or key.readable_by == "everybody" or len(seen.sharers) > 1
    yield Finding(
        check=CHECK.id,
        severity=Severity.HIGH if severe else Severity.MEDIUM,
        confidence=Confidence.MEDIUM if key.format == "by-name" else Confidence.HIGH,
        message=", ".join(parts) + ".",
        remedy="Refer to it (${NAME}, a keyring) instead of holding it, and renew it if others could read it.",
        implies=Assessment.REVIEW,
        evidence=Evidence(key=key.name or key.format, value=f"fingerprint {key.fingerprint[:12]}"),
    )


def _in_environment(seen: KeySeen, subject: Subject) -> Iterator[Finding]:
    """A program needs its key from somewhere, so this is little more than a note of where it is."""
    key = seen.leaked
    what = "A secret" if key.format == "by-name" else f"A key for {key.provider[:40]}"
    yield Finding(
        check=CHECK.id,
        severity=Severity.LOW,
        confidence=Confidence.MEDIUM if key.format == "by-name" else Confidence.HIGH,
        message=f"{what} ({(key.name or key.format)[:60]}) is in the environment of {subject.name}.",
        remedy="What it starts inherits the key; hand it over by a file or a keyring if not all of that needs it.",
        implies=Assessment.CLEAN,
        evidence=Evidence(key=key.name or key.format, value=f"fingerprint {key.fingerprint[:12]}"),
    )


CHECK = Check(
    id="exposed-key",
    title="A key is written out",
    wants=(KeySeen,),
    judge=judge,
)
