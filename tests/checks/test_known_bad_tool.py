import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.known_bad_tool import judge
from weighbridge.discover.toolchain_catalog import advisories_for, advisory_of
from weighbridge.model.agent_observation import ToolSeen
from weighbridge.model.finding import Assessment, Confidence, Severity
from weighbridge.model.toolchain import Ecosystem, InstalledTool

SUBJECT = Subject(format="agent", name="x")


def tool(ecosystem: Ecosystem, name: str, version: str | None) -> list[ToolSeen]:
    installed = InstalledTool(ecosystem=ecosystem, name=name, version=version, path=b"/x")
    return [ToolSeen(tool=installed, advisory=advisory) for advisory in advisories_for(installed)]


def test_a_malicious_release() -> None:
    (seen,) = tool(Ecosystem.PYPI, "litellm", "1.82.8")
    (finding,) = judge(seen, SUBJECT)
    assert (finding.severity, finding.implies) == (Severity.CRITICAL, Assessment.MALICIOUS)
    assert finding.remedy == "Update to 1.83.0 or later, and renew every key that was on this machine."


def test_a_hole() -> None:
    (seen,) = tool(Ecosystem.NPM, "mcp-remote", "0.1.15")
    (finding,) = judge(seen, SUBJECT)
    assert finding.implies is Assessment.REVIEW
    assert finding.message.startswith("mcp-remote 0.1.15: ")
    assert finding.remedy == "Update to 0.1.16 or later."


def test_a_package_that_was_never_good() -> None:
    (seen,) = tool(Ecosystem.COMFYUI, "ComfyUI_LLMVISION", None)
    (finding,) = judge(seen, SUBJECT)
    assert finding.message.startswith("ComfyUI_LLMVISION: ")
    assert finding.remedy.startswith("Remove it")


def test_hearsay_is_told_as_hearsay_and_accuses_nobody() -> None:
    said = {
        **{"ecosystem": "npm", "name": "x", "versions": ["<2"], "severity": "critical", "kind": "malicious"},
        **{"what": "it sends keys away", "fixed": "2", "source": "a talk", "checked": "2026-11-21"},
    }
    installed = InstalledTool(ecosystem=Ecosystem.NPM, name="x", version="1", path=b"/x")
    seen = ToolSeen(tool=installed, advisory=advisory_of("x-1", {**said, "confidence": "unverified"}))
    (finding,) = judge(seen, SUBJECT)
    assert (finding.severity, finding.confidence, finding.implies) == (
        Severity.LOW,
        Confidence.LOW,
        Assessment.REVIEW,
    )
    assert finding.message == "x 1 is said to be bad, which nobody confirmed: it sends keys away (x-1)."
    assert finding.remedy == "Look it up before you act: a talk."
    read = ToolSeen(tool=installed, advisory=advisory_of("x-1", {**said, "confidence": "docs"}))
    (finding,) = judge(read, SUBJECT)
    assert (finding.severity, finding.implies) == (Severity.CRITICAL, Assessment.MALICIOUS)


@pytest.mark.parametrize(
    ("ecosystem", "name", "version"),
    [
        (Ecosystem.NPM, "postmark-mcp", "1.0.15"),
        (Ecosystem.NPM, "postmark-mcp", "1.0.19"),
        (Ecosystem.NPM, "@modelcontextprotocol/server-filesystem", "2.3.0"),
        (Ecosystem.NPM, "flowise", "3.0.4"),
        (Ecosystem.NPM, "cline", "2.2.3"),
        (Ecosystem.PYPI, "lightning", "2.6.1"),
        (Ecosystem.PYPI, "mistralai", "2.4.8"),
        (Ecosystem.PYPI, "guardrails-ai", "0.10.0"),
        (Ecosystem.PYPI, "litellm", "1.83.0"),
        (Ecosystem.PYPI, "litellm", None),
        (Ecosystem.NPM, "litellm", "1.82.8"),
        (Ecosystem.PYPI, "litellm-tools", "1.82.8"),
    ],
)
def test_near_misses(ecosystem: Ecosystem, name: str, version: str | None) -> None:
    assert tool(ecosystem, name, version) == []
