from weighbridge.host.machine import Digests
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Confidence, Finding, Severity
from weighbridge.model.place import Place
from weighbridge.pipeline.assemble import Sighting, assemble
from weighbridge.pipeline.examined import Examined, Outcome

ONE, TWO = "1" * 64, "2" * 64


def sighting(path: bytes, inode: int, *pieces: Examined, **changes: object) -> Sighting:
    return Sighting(path=path, identity=(1, inode), outcome=Outcome(examined=pieces), **changes)


def piece(**changes: object) -> Examined:
    values = {"member": None, "format": "gguf", "size": 9, "holds_model": True, "assessment": Assessment.CLEAN}
    return Examined(**(values | changes))


def finding(implies: Assessment) -> Finding:
    return Finding(
        check="x",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        message="m",
        remedy="r",
        implies=implies,
    )


def test_equal_content_at_two_places_is_one_artifact() -> None:
    found = assemble(
        [sighting(b"/b", 1, piece()), sighting(b"/a", 2, piece())],
        {b"/a": Digests(ONE, TWO, 9), b"/b": Digests(ONE, TWO, 9)},
    )
    assert [(artifact.sha256, [place.path for place in artifact.places]) for artifact in found] == [
        (ONE, [b"/a", b"/b"])
    ]


def test_without_digests_hard_links_and_equal_claims_still_join() -> None:
    found = assemble(
        [
            sighting(b"/a", 1, piece()),
            sighting(b"/hard", 1, piece()),
            sighting(b"/c", 2, piece(), claimed_sha256=ONE),
            sighting(b"/d", 3, piece(), claimed_sha256=ONE),
        ],
        {},
    )
    assert [[place.path for place in artifact.places] for artifact in found] == [[b"/a", b"/hard"], [b"/c", b"/d"]]
    assert [artifact.sha256 for artifact in found] == [None, None]


def test_different_content_stays_apart() -> None:
    found = assemble(
        [sighting(b"/a", 1, piece()), sighting(b"/b", 2, piece())],
        {b"/a": Digests(ONE, ONE, 9), b"/b": Digests(TWO, TWO, 9)},
    )
    assert [artifact.sha256 for artifact in found] == [ONE, TWO]


def test_a_claim_that_the_bytes_do_not_keep_is_a_finding() -> None:
    (found,) = assemble([sighting(b"/a", 1, piece(), claimed_sha256=TWO)], {b"/a": Digests(ONE, ONE, 9)})
    assert "digest-mismatch" in {item.check for item in found.findings}
    assert found.assessment is not Assessment.CLEAN


def test_a_claim_that_holds_is_none() -> None:
    (found,) = assemble([sighting(b"/a", 1, piece(), claimed_sha256=ONE)], {b"/a": Digests(ONE, ONE, 9)})
    assert (found.claimed_sha256, found.findings, found.assessment) == (ONE, (), Assessment.CLEAN)


def test_a_member_is_its_own_artifact_and_joins_the_loose_copy() -> None:
    found = assemble(
        [
            sighting(b"/x.zip", 1, piece(member="in/model.gguf", sha256=ONE)),
            sighting(b"/model.gguf", 2, piece()),
        ],
        {b"/model.gguf": Digests(ONE, TWO, 9)},
    )
    assert [(place.path, place.member) for place in found[0].places] == [
        (b"/model.gguf", None),
        (b"/x.zip", "in/model.gguf"),
    ]


def test_links_are_places_and_store_facts_are_kept() -> None:
    fact = Fact(name="license", value="mit", grade=Grade.DECLARED, source="manifest")
    linked = sighting(
        b"/blob", 1, piece(), links=[Place(path=b"/snap/m", link=True, store="huggingface")], facts=(fact,)
    )
    (found,) = assemble([linked], {})
    assert [place.path for place in found.places] == [b"/blob", b"/snap/m"]
    assert fact in found.facts


def test_the_worst_answer_counts_where_a_name_made_a_difference() -> None:
    found = assemble(
        [
            sighting(b"/a", 1, piece()),
            sighting(b"/b", 2, piece(assessment=Assessment.REVIEW, findings=(finding(Assessment.REVIEW),))),
        ],
        {b"/a": Digests(ONE, ONE, 9), b"/b": Digests(ONE, ONE, 9)},
    )
    assert [artifact.assessment for artifact in found] == [Assessment.REVIEW]


def test_a_missing_part_makes_the_artifact_incomplete() -> None:
    (found,) = assemble([sighting(b"/m.onnx", 1, piece(), missing_parts=("weights.bin",))], {})
    assert found.assessment is Assessment.INCOMPLETE
    assert "weights.bin" in " ".join(item.message for item in found.findings)
