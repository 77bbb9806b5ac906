from dataclasses import replace

from weighbridge.model.artifact import Artifact
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment
from weighbridge.model.place import Place
from weighbridge.model.verdict import DecidingRule, Decision, Verdict
from weighbridge.report.gate import Gate, blocking, screen_text


def artifact(
    *rules: tuple[str, Decision], name: bytes = b"/build/m.pkl", decision: Decision = Decision.DENY
) -> Artifact:
    deciding = tuple(
        DecidingRule(id=id_, severity="high", reason=f"Reason of {id_}.", remedy=f"Mend {id_}.", decision=own)
        for id_, own in rules
    )
    verdict = Verdict(decision=decision, action="ship", policy="balanced 1", mode="enforce", rules=deciding)
    place = Place(path=name)
    return Artifact(
        format="pickle", size=10, places=(place,), assessment=Assessment.CLEAN, sha256="ab" * 32, verdict=verdict
    )


def text(*artifacts: Artifact, width: int = 80) -> str:
    return screen_text(Gate(artifacts=artifacts, policy="balanced 1 (enforce)", root="/build"), width)


def test_what_denies_comes_before_what_waits_and_an_attack_before_all() -> None:
    deny, wait = ("deny-x", Decision.DENY), ("hold-x", Decision.PENDING)
    assert [rule.id for rule in blocking(artifact(deny, wait))] == ["deny-x"]
    assert [rule.id for rule in blocking(artifact(wait))] == ["hold-x"]
    assert [rule.id for rule in blocking(artifact(("deny-malicious", Decision.DENY), deny))] == ["deny-malicious"]
    assert blocking(artifact(("warn-x", Decision.WARN), decision=Decision.WARN)) == []


def test_ways_forward_offer_a_waiver_only_where_one_can_hold() -> None:
    assert "wb waive " + "ab" * 32 in text(artifact(("deny-x", Decision.DENY)))
    assert "--rule deny-x" in text(artifact(("deny-malicious", Decision.DENY)), artifact(("deny-x", Decision.DENY)))
    assert "not possible" in text(artifact(("deny-malicious", Decision.DENY)))


def test_lines_fit_and_nothing_hostile_reaches_the_terminal() -> None:
    evil = artifact(("deny-x", Decision.DENY), name=b"/build/" + b"long/" * 60 + b"\x1b[2J.pkl")
    for width in (80, 120):
        shown = text(evil, width=width)
        assert "\x1b" not in shown
        assert max(map(len, shown.splitlines())) <= max(width, 84)


def test_layers_and_many() -> None:
    note = Fact(name="ship.layer", value="layer 1 of 2; it still ships in layer 1", grade=Grade.MEASURED, source="x")
    one = artifact(("deny-x", Decision.DENY))
    assert "still ships" in text(replace(one, facts=(note,)))
    allowed = artifact(("permit", Decision.ALLOW), decision=Decision.ALLOW)
    assert "still ships" in text(replace(allowed, facts=(note,)))
    assert "ships in" not in text(allowed)
    assert "and 3 more" in text(*[one] * 15)
    assert text().startswith("✓ no models in /build")
