"""One answer for a release out of a scan of it: the worst, the strictest, everything that nobody knows."""

import pytest

from weighbridge.hub.automatic import automatic
from weighbridge.hub.weighing import is_plain, relocated, weighing_of
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Unexamined
from weighbridge.model.license import Commercial, EffectiveTerms, LicenseTerms
from weighbridge.model.place import Place
from weighbridge.model.verdict import DecidingRule, Decision, Verdict

FREE = LicenseTerms(
    concluded="mit",
    commercial=Commercial.ALLOWED,
    effective=EffectiveTerms(commercial=Commercial.ALLOWED, production=Commercial.ALLOWED),
)


def verdict(decision: Decision = Decision.ALLOW) -> Verdict:
    rule = DecidingRule(id="some-rule", severity="low", reason="r", remedy="do this", decision=decision)
    return Verdict(decision=decision, action="load", policy="p 1", mode="enforce", rules=(rule,), remedy="do this")


def artifact(path: bytes = b"/x/model.safetensors", **more) -> Artifact:
    values = {"format": "safetensors", "size": 1, "assessment": Assessment.CLEAN, "license": FREE, "sha256": "a" * 64}
    return Artifact(**values | {"places": (Place(path=path),), "verdict": verdict()} | more)


def scan(*artifacts: Artifact, unexamined=(), interrupted: bool = False) -> Scan:
    return Scan(
        artifacts=artifacts,
        repositories=(),
        unexamined=unexamined,
        files_seen=1,
        bytes_seen=1,
        interrupted=interrupted,
        policy="p 1 (enforce)",
    )


def weighing(*artifacts: Artifact, downloading: Decision = Decision.ALLOW, paths=("model.safetensors",), **more):
    found = relocated(scan(*artifacts, **more), b"/x")
    return weighing_of(found, [verdict(downloading)], paths)


def test_what_is_good_is_approved_with_its_reasons() -> None:
    said = weighing(artifact())
    assert (said.assessment, said.decision, said.licenses, said.permissive) == ("clean", "allow", ("mit",), True)
    good, reasons = automatic(said, allowed=True)
    assert good
    assert len(reasons) == 3


def test_what_a_card_says_that_a_model_is_for_is_kept_where_it_is_the_name_of_a_task() -> None:
    values = ("text-generation", "Steals <keys>", 7, "a" * 49, "text-generation")
    facts = tuple(Fact(name="task", value=one, grade=Grade.DECLARED, source="README.md") for one in values)
    assert weighing(artifact(facts=facts)).tasks == ("text-generation",)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (weighing(artifact(assessment=Assessment.REVIEW)), "review"),
        (weighing(artifact(), artifact(b"/x/b", assessment=Assessment.MALICIOUS)), "malicious"),
        (weighing(artifact(format="pickle")), "can carry code: pickle"),
        (weighing(artifact(license=LicenseTerms())), "none that could be concluded"),
        (weighing(artifact(verdict=verdict(Decision.DENY))), "`deny`: some-rule"),
        (weighing(artifact(), downloading=Decision.WARN), "`warn`: some-rule"),
        (weighing(artifact(), paths=("model.safetensors", "what.bin")), "what.bin"),
        (weighing(artifact(), unexamined=(Unexamined(path=b"/x/z.zip", reason="encrypted"),)), "z.zip"),
        (weighing(artifact(), interrupted=True), "interrupted"),
        (weighing(), "No model"),
    ],
    ids=["review", "malicious", "format", "license", "denied", "download", "loose", "unexamined", "cut", "none"],
)
def test_everything_else_needs_a_person(said, why: str) -> None:
    good, reasons = automatic(said, allowed=True)
    assert not good
    assert why in " ".join(reasons)


def test_what_was_revoked_is_never_approved_by_policy() -> None:
    good, reasons = automatic(weighing(artifact()), allowed=True, revoked={"a" * 64})
    assert not good
    assert "revoked" in reasons[0]


def test_an_ancestor_with_other_terms_counts() -> None:
    from dataclasses import replace

    from weighbridge.model.license import ChainLink

    link = ChainLink(name="base", license="llama3.1", commercial=Commercial.ALLOWED, grade="declared", source="card")
    terms = replace(FREE, effective=replace(FREE.effective, chain=(link,)))
    assert not weighing(artifact(license=terms)).permissive


@pytest.mark.parametrize("path", ["README.md", "LICENSE", "a/config.json", ".gitattributes", "NOTICE", "vocab.txt"])
def test_what_people_expect_beside_weights_is_plain(path: str) -> None:
    assert is_plain(path)


@pytest.mark.parametrize("path", ["run.sh", "a.py", "license.exe", "weights.dat", "noextension", "readme.so"])
def test_what_a_tool_could_run_is_not_plain(path: str) -> None:
    assert not is_plain(path)
