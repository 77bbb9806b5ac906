"""One awkward scan, made by hand: hostile names, every assessment and decision, odd facts."""

from weighbridge.model.artifact import Artifact, Coverage, Part, Repository, Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Persona, Severity, Unexamined
from weighbridge.model.license import (
    ChainLink,
    Commercial,
    DeclaredLicense,
    EffectiveTerms,
    IdentifiedText,
    LicenseTerms,
    Outputs,
    TextLikeness,
    Threshold,
)
from weighbridge.model.place import Place
from weighbridge.model.verdict import DecidingRule, Decision, Verdict
from weighbridge.report.renderer import Context

HOSTILE_NAME = "</script><img src=x onerror=alert(1)>\x1b]0;owned\x07\u202egpj.exe\n|`@all` [x](http://e.example)"
HOME = "/home/ada"
SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def context(**changes: object) -> Context:
    """Return a fixed context."""
    values = {
        "version": "0.0.0",
        "machine": "sample",
        "roots": (HOME,),
        "finished_at": "2026-01-02T03:04:05Z",
        "policy": "observe 1",
        "home": HOME,
    }
    return Context(**(values | changes))  # type: ignore[arg-type]


def finding(**changes: object) -> Finding:
    """Return a critical finding."""
    values = {
        "check": "unsafe-import",
        "severity": Severity.CRITICAL,
        "confidence": Confidence.HIGH,
        "message": "Loading this file calls os.system with a shell command.",
        "remedy": "Do not load it; delete the file and find out where it came from.",
        "implies": Assessment.MALICIOUS,
        "evidence": Evidence(offset=38, member="archive/data.pkl", opcode="STACK_GLOBAL", value="posix.system"),
        "atlas": "AML.T0011.000",
    }
    return Finding(**(values | changes))  # type: ignore[arg-type]


def verdict(decision: Decision) -> Verdict:
    """Return a verdict with one rule."""
    rule = DecidingRule(
        id="deny-code",
        severity="high",
        reason="Artifacts that run code on load are not used here.",
        remedy="Use the safetensors version of this model.",
        clause="3.1",
        facts=(("assessment", "malicious"),),
    )
    rules = () if decision is Decision.ALLOW else (rule,)
    remedy = rule.remedy if rules else ""
    return Verdict(decision=decision, action="load", policy="observe 1", mode="observe", rules=rules, remedy=remedy)


def artifacts() -> tuple[Artifact, ...]:
    """Return one artifact of every assessment, some with hostile content."""
    clean = Artifact(
        format="gguf",
        size=4_683_073_248,
        sha256=SHA,
        claimed_sha256=SHA,
        blake3="ab" * 32,
        assessment=Assessment.CLEAN,
        places=(
            Place(
                path=b"/home/ada/.ollama/models/blobs/sha256-9f86d081", store="ollama", store_name="library/qwen3:8b"
            ),
            Place(path=b"/home/ada/models/qwen.gguf", link=True),
        ),
        facts=(
            Fact(name="architecture", value="qwen3", grade=Grade.DECLARED, source="header key general.architecture"),
            Fact(name="parameters", value=8_190_735_360, grade=Grade.MEASURED, source="tensor table"),
            Fact(
                name="odd", value=(float("nan"), 1 << 80, {"k\x00": "v\u202e"}), grade=Grade.DECLARED, source="header"
            ),
        ),
        license=LicenseTerms(
            declared=(DeclaredLicense(value="apache-2.0", source="header key general.license"),),
            concluded="Apache-2.0",
            commercial=Commercial.ALLOWED,
            reasons=("Apache-2.0 allows commercial use.",),
        ),
        lineage=("Qwen/Qwen3-8B-Base",),
        verdict=verdict(Decision.ALLOW),
        coverage=Coverage(bytes_read=70_000, skipped=("tensor data, 4.68 GB: holds no code",)),
    )
    malicious = Artifact(
        format="torch-zip",
        size=1234,
        assessment=Assessment.MALICIOUS,
        sha256="1" * 64,
        places=(Place(path=b"/home/ada/Downloads/" + HOSTILE_NAME.encode(), member="inner/\x9b31m.pt"),),
        findings=(finding(), finding(check="name-mismatch", severity=Severity.LOW, persona=Persona.AUDITOR)),
        facts=(Fact(name="name", value=HOSTILE_NAME * 40, grade=Grade.DECLARED, source=HOSTILE_NAME),),
        verdict=verdict(Decision.DENY),
        parts=(Part(path=b"/home/ada/part.bin", size=7),),
    )
    hostile = Artifact(
        format="safetensors",
        size=99,
        assessment=Assessment.HOSTILE,
        places=(Place(path=b"/home/ada/caf\xe9.safetensors"),),
        findings=(
            finding(
                check="malformed",
                severity=Severity.HIGH,
                implies=Assessment.HOSTILE,
                message="Two tensors overlap.",
                evidence=Evidence(key=HOSTILE_NAME),
                atlas=None,
            ),
        ),
        verdict=verdict(Decision.WARN),
    )
    review = Artifact(
        format="keras-v3",
        size=52_000_000,
        assessment=Assessment.REVIEW,
        places=(
            Place(
                path=b"/home/ada/.cache/huggingface/hub/models--a--b/snapshots/1/model.keras",
                store="huggingface",
                store_name="a/b@1",
            ),
        ),
        findings=(finding(check="lambda-layer", severity=Severity.MEDIUM, implies=Assessment.REVIEW),),
        license=LicenseTerms(
            declared=(DeclaredLicense(value="apache-2.0", source="header key general.license"),),
            texts=(
                IdentifiedText(
                    source="LICENSE beside the file",
                    sha256=SHA,
                    likeness=TextLikeness.EXACT,
                    license="apache-2.0",
                    candidates=("ecl-2.0",),
                    coverage=1.0,
                ),
            ),
            concluded="apache-2.0",
            method="text-and-label",
            confidence=Confidence.HIGH,
            commercial=Commercial.CONDITIONAL,
            reasons=("LICENSE beside the file is the text of `apache-2.0`, as declared.",),
            effective=EffectiveTerms(
                commercial=Commercial.CONDITIONAL,
                production=Commercial.CONDITIONAL,
                outputs=Outputs.FREE,
                output_training="name-if-released",
                thresholds=(Threshold(metric="monthly_active_users", above=700_000_000, effect="separate-license"),),
                regions_excluded=("EU",),
                obligations=("keep-license-text", "display:Built with Llama"),
                derivative_terms=("may-add-own-terms:llama3.1",),
                use_policy="external",
                chain=(
                    ChainLink(
                        name="this artifact",
                        license="apache-2.0",
                        commercial=Commercial.ALLOWED,
                        grade="measured",
                        source="text-and-label",
                    ),
                    ChainLink(
                        name="acme/" + HOSTILE_NAME,
                        license="llama3.1",
                        commercial=Commercial.CONDITIONAL,
                        grade="declared",
                        source="model card front matter base_model",
                    ),
                ),
                decided_by="acme/" + HOSTILE_NAME,
            ),
        ),
        verdict=verdict(Decision.PENDING),
    )
    incomplete = Artifact(
        format="zip", size=10, assessment=Assessment.INCOMPLETE, places=(Place(path=b"/home/ada/locked.zip"),)
    )
    return clean, malicious, hostile, review, incomplete


def scan(**changes: object) -> Scan:
    """Return the whole scan."""
    values = {
        "artifacts": artifacts(),
        "repositories": (
            Repository(
                path=b"/home/ada/repo",
                assessment=Assessment.REVIEW,
                findings=(finding(check="remote-code", implies=Assessment.REVIEW, severity=Severity.HIGH),),
                artifacts=(b"/home/ada/repo/model.safetensors",),
            ),
        ),
        "unexamined": (
            Unexamined(path=b"/home/ada/private\xff", reason="permission denied"),
            Unexamined(path=b"/home/ada/a.zip", reason="encrypted", member="x.pt"),
        ),
        "files_seen": 12_345,
        "bytes_seen": 67_890,
    }
    return Scan(**(values | changes))  # type: ignore[arg-type]
