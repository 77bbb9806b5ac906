"""What a gate found, for build systems: JUnit XML, GitHub workflow commands, GitLab code quality.

Sources: JUnit XML as CI systems read it (testsuite, testcase, failure); GitHub documentation "Workflow commands"
(escaping of data and properties); GitLab documentation "Code Quality report format".
"""

import hashlib
from xml.sax.saxutils import escape, quoteattr

from weighbridge.model.artifact import Artifact
from weighbridge.model.verdict import DecidingRule, Decision
from weighbridge.report.escape import MESSAGE_LIMIT, visible
from weighbridge.report.gate import Gate, layer_note, missed_at, missed_because, place_of, rules_of
from weighbridge.report.indented import indented

_LEVELS = {Decision.DENY: "error", Decision.PENDING: "error", Decision.WARN: "warning", Decision.ALLOW: "notice"}
_MISSED = "not-examined"
_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def junit(gate: Gate) -> str:
    """Return one test case per artifact; what blocks is a failure, what could not be examined an error."""
    failures = sum(_blocks(artifact) for artifact in gate.artifacts)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites><testsuite name="wb check" tests="{len(gate.artifacts) + len(gate.unexamined)}" '
        f'failures="{failures}" errors="{len(gate.unexamined)}">',
    ]
    for artifact in gate.artifacts:
        name = quoteattr(_xml(place_of(artifact, gate.root)))
        if not _blocks(artifact):
            lines.append(f'<testcase classname="weighbridge" name={name}/>')
            continue
        rules = rules_of(artifact)
        message = quoteattr(_xml(rules[0].reason if rules else "blocked"))
        kind = quoteattr(_xml(rules[0].id if rules else "policy"))
        text = escape(_xml("\n".join(_texts(artifact))))
        lines.append(
            f'<testcase classname="weighbridge" name={name}><failure message={message} type={kind}>{text}</failure>'
            "</testcase>"
        )
    for missed in gate.unexamined:
        name, message = (quoteattr(_xml(text)) for text in (missed_at(missed, gate.root), missed_because(missed)))
        lines.append(
            f'<testcase classname="weighbridge" name={name}><error message={message} type="{_MISSED}"/></testcase>'
        )
    return "\n".join([*lines, "</testsuite></testsuites>"]) + "\n"


def github(gate: Gate) -> str:
    """Return one workflow command per artifact and rule that speaks against it, and per item that was not examined."""
    lines = []
    for artifact in gate.artifacts:
        for rule in rules_of(artifact):
            file = artifact.places[0].path.decode("utf-8", "replace") if artifact.places else ""
            level = _LEVELS[rule.decision]
            text = f"{place_of(artifact, gate.root)}: {_said(artifact, rule)}"
            lines.append(
                f"::{level} file={_property(_relative(file, gate.root))},title={_property(rule.id)}::{_data(text)}"
            )
    for missed in gate.unexamined:
        file = _relative(missed.path.decode("utf-8", "replace"), gate.root)
        text = f"{missed_at(missed, gate.root)} {missed_because(missed)}"
        lines.append(f"::warning file={_property(file)},title={_MISSED}::{_data(text)}")
    return "".join(line + "\n" for line in lines)


def gitlab(gate: Gate) -> str:
    """Return a code quality report."""
    entries = []
    for artifact in gate.artifacts:
        for rule in rules_of(artifact):
            path = place_of(artifact, gate.root)
            mark = f"{artifact.sha256 or artifact.claimed_sha256 or ''}\0{rule.id}\0{path}"
            severity = _SEVERITIES.get(rule.severity, "major")
            entries.append(_entry(_said(artifact, rule), visible(rule.id), mark, severity, path))
    for missed in gate.unexamined:
        path, reason = missed_at(missed, gate.root), missed_because(missed)
        entries.append(_entry(f"{path} {reason}", _MISSED, f"{_MISSED}\0{path}\0{reason}", "major", path))
    return indented(entries) + "\n"


def _said(artifact: Artifact, rule: DecidingRule) -> str:
    note = layer_note(artifact)
    return visible(f"{rule.reason} {rule.remedy}", MESSAGE_LIMIT) + (f" It lies in {note}." if note else "")


def _entry(description: str, check: str, mark: str, severity: str, path: str) -> dict[str, object]:
    return {
        "description": description,
        "check_name": check,
        "fingerprint": hashlib.sha256(mark.encode("utf-8", "backslashreplace")).hexdigest(),
        "severity": severity,
        "location": {"path": path.partition("!/")[0], "lines": {"begin": 1}},
    }


def _blocks(artifact: Artifact) -> bool:
    return artifact.verdict is not None and artifact.verdict.decision in (Decision.DENY, Decision.PENDING)


def _texts(artifact: Artifact) -> list[str]:
    texts = [visible(f"{rule.id}: {rule.reason} {rule.remedy}", MESSAGE_LIMIT) for rule in rules_of(artifact)]
    texts += [visible(finding.message, MESSAGE_LIMIT) for finding in artifact.findings[:10]]
    return [*texts, *filter(None, [layer_note(artifact)])]


def _xml(text: str) -> str:
    """Return text without what XML 1.0 cannot carry."""
    return "".join(character for character in text if character.isprintable() or character in "\t\n")


def _relative(path: str, root: str) -> str:
    prefix = root.rstrip("/") + "/"
    return path[len(prefix) :] if path.startswith(prefix) else path


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
