from tests.bom.bills import artifact, bom_of

from weighbridge.bom.difference import called, difference
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade
from weighbridge.model.license import Commercial, DeclaredLicense, LicenseTerms
from weighbridge.model.place import Place
from weighbridge.model.verdict import Decision, Verdict

ONE, TWO = "/home/ada/models/one.gguf", "/home/ada/models/two.gguf"


def _verdict(decision: Decision) -> Verdict:
    return Verdict(decision=decision, action="load", policy="p", mode="enforce")


def test_nothing_changed() -> None:
    found = difference(bom_of(artifact()), bom_of(artifact()))
    assert found.empty
    assert found.same == 1


def test_added_and_removed() -> None:
    found = difference(bom_of(artifact(ONE)), bom_of(artifact(TWO, "b" * 64)))
    assert [called(item) for item in found.added] == ["two.gguf"]
    assert [called(item) for item in found.removed] == ["one.gguf"]


def test_new_content_at_the_same_place_is_a_change_of_digest() -> None:
    found = difference(bom_of(artifact(ONE)), bom_of(artifact(ONE, "b" * 64)))
    (changed,) = found.changed
    (digest,) = changed.changes
    assert (digest.what, digest.before[:2], digest.after[:2]) == ("digest", "aa", "bb")


def test_the_same_content_elsewhere_is_the_same_component() -> None:
    assert difference(bom_of(artifact(ONE)), bom_of(artifact(TWO))).empty


def test_a_new_revision_of_a_repository_is_a_change() -> None:
    def at(commit: str, sha256: str) -> object:
        path = f"/home/ada/.cache/huggingface/hub/models--o--m/snapshots/{commit}/model.safetensors"
        return artifact(sha256=sha256, places=(Place(path=path.encode(), store="huggingface", store_name="o/m@main"),))

    found = difference(bom_of(at("1" * 40, "a" * 64)), bom_of(at("2" * 40, "b" * 64)))  # type: ignore[arg-type]
    assert [change.what for change in found.changed[0].changes] == ["digest", "version"]


def test_license_terms_verdict_and_lineage() -> None:
    ancestor = Ancestor(name="o/base", relation=Relation.MERGED, grade=Grade.MEASURED, source="atlas")
    mit = LicenseTerms(declared=(DeclaredLicense(value="mit", source="card"),), commercial=Commercial.ALLOWED)
    before = bom_of(artifact(license=mit, verdict=_verdict(Decision.ALLOW)))
    after = bom_of(
        artifact(
            license=LicenseTerms(concluded="llama3.1", commercial=Commercial.CONDITIONAL),
            ancestry=(ancestor,),
            verdict=_verdict(Decision.DENY),
        )
    )
    (changed,) = difference(before, after).changed
    assert {change.what: (change.before, change.after) for change in changed.changes} == {
        "license": ("MIT (declared)", "llama3.1"),
        "terms": ("commercial: allowed", "commercial: conditional"),
        "verdict": ("allow", "deny"),
        "lineage": ("", "o/base (merge, measured)"),
    }


def test_copies_are_paired_one_by_one() -> None:
    part = "/home/ada/models/x-00001-of-00009.gguf"
    twice = bom_of(artifact(ONE), artifact(part, None))
    assert difference(twice, bom_of(artifact(ONE))).same == 1
