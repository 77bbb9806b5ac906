import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.bom import validation
from tests.bom.bills import artifact, bom_of, demo_bom, fact, three_model_bom
from tests.samples.scan import scan

from weighbridge.bom.build import from_scan
from weighbridge.bom.check import problems
from weighbridge.bom.component import Bom
from weighbridge.bom.places import Places
from weighbridge.bom.read import read_bom
from weighbridge.bom.spdx import document
from weighbridge.bom.spdx_graph import NO_TIME
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade
from weighbridge.model.finding import Unexamined
from weighbridge.model.license import DeclaredLicense, IdentifiedText, LicenseTerms, TextLikeness


def _awkward() -> Bom:
    return from_scan(scan(), Places(("/home/ada",), "/home/ada"), tool="0.0.0")


@pytest.mark.parametrize("make", [_awkward, demo_bom, three_model_bom, bom_of])
def test_every_fixture_is_valid_and_reads_back_equal(make: Callable[[], Bom]) -> None:
    bom = make()
    written = document(bom)
    assert validation.spdx_errors(written) == []
    assert problems(written) == ()
    assert read_bom(json.dumps(written).encode()) == bom


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.skipif(not validation.SHAPES, reason="the SHACL shapes are in no package; WEIGHBRIDGE_SPDX names them")
@pytest.mark.parametrize("make", [_awkward, demo_bom, three_model_bom, bom_of])
def test_every_fixture_conforms_to_the_shapes(make: Callable[[], Bom]) -> None:
    assert validation.shape_errors(document(make())) is None


def test_the_validators_can_fail() -> None:
    written = document(bom_of(artifact()))
    element = next(one for one in written["@graph"] if one["type"] == "ai_AIPackage")
    element["software_primaryPurpose"] = "fun"
    assert validation.spdx_errors(written) != []
    element["software_primaryPurpose"] = "model"
    assert validation.spdx_errors(written) == []
    element["name"] = 5
    assert validation.spdx_errors(written) != []


def _elements(bom: Bom, kind: str) -> list[dict]:
    return [one for one in document(bom)["@graph"] if one["type"] == kind]


def _related(bom: Bom, kind: str) -> list[tuple[str, list[str]]]:
    names = {one["spdxId"]: one.get("name", "") for one in document(bom)["@graph"] if "spdxId" in one}
    return [
        (names[one["from"]], [names.get(target, target) for target in one["to"]])
        for one in _elements(bom, "Relationship")
        if one["relationshipType"] == kind
    ]


def test_the_same_content_gives_the_same_bytes() -> None:
    one, two = (json.dumps(document(bom_of(artifact()))) for _ in range(2))
    assert one == two
    assert json.dumps(document(bom_of(artifact(size=8)))) != one


def test_without_a_time_the_required_one_is_the_epoch_and_says_so() -> None:
    (creation,) = _elements(bom_of(artifact()), "CreationInfo")
    assert creation["created"] == NO_TIME
    assert "No time" in creation["comment"]
    timed = replace(bom_of(artifact()), timestamp="2026-11-21T04:35:00Z")
    assert _elements(timed, "CreationInfo")[0]["created"] == "2026-11-21T04:35:00Z"


def test_a_model_is_an_ai_package_with_digests() -> None:
    facts = (fact("architecture", "llama"), fact("context_length", 8192), fact("dataset", "wikitext"))
    bom = bom_of(artifact(blake3="b" * 64, facts=facts))
    package = next(one for one in _elements(bom, "ai_AIPackage"))
    assert [(one["algorithm"], one["hashValue"]) for one in package["verifiedUsing"]] == [
        ("sha256", "a" * 64),
        ("blake3", "b" * 64),
    ]
    assert package["ai_typeOfModel"] == ["llama"]
    assert {"type": "DictionaryEntry", "key": "context_length", "value": "8192"} in package["ai_hyperparameter"]
    assert _related(bom, "trainedOn") == [("m.gguf", ["wikitext"])]


def test_licenses_are_relationships_and_unlisted_ones_references() -> None:
    terms = LicenseTerms(
        declared=(DeclaredLicense(value="mit", source="card"), DeclaredLicense(value="llama3.1", source="header")),
        texts=(IdentifiedText(source="LICENSE", sha256="d" * 64, likeness=TextLikeness.UNIDENTIFIED),),
    )
    bom = bom_of(artifact(license=terms))
    assert _related(bom, "hasDeclaredLicense") == [("m.gguf", ["llama3.1", "MIT"])]
    assert _related(bom, "hasConcludedLicense") == [("m.gguf", ["expandedlicensing_NoAssertionLicense"])]
    expressions = {
        one["simplelicensing_licenseExpression"] for one in _elements(bom, "simplelicensing_LicenseExpression")
    }
    assert expressions == {"MIT", "LicenseRef-llama3.1"}
    (text,) = _elements(bom, "simplelicensing_SimpleLicensingText")
    assert "d" * 64 in text["simplelicensing_licenseText"]
    concluded = bom_of(artifact(license=replace(terms, concluded="mit")))
    assert _related(concluded, "hasConcludedLicense") == [("m.gguf", ["MIT"])]


def test_ancestors_are_related_each_to_its_own_descendant() -> None:
    root = Ancestor(name="org/root", relation=Relation.DERIVED, grade=Grade.DECLARED, source="card")
    base = Ancestor(
        name="local/base", relation=Relation.QUANTIZED, grade=Grade.MEASURED, source="atlas", parents=(root,)
    )
    other = Ancestor(name="org/other", relation=Relation.MERGED, grade=Grade.DECLARED, source="card")
    found = _related(bom_of(artifact(ancestry=(base, other))), "ancestorOf")
    assert sorted(found) == [("local/base", ["m.gguf"]), ("org/other", ["m.gguf"]), ("org/root", ["local/base"])]


def test_an_ancestor_in_the_document_is_the_component_itself() -> None:
    base = Ancestor(name="base", relation=Relation.SAME, grade=Grade.MEASURED, source="atlas", sha256="b" * 64)
    bom = bom_of(artifact(ancestry=(base,)), artifact("/home/ada/models/base.gguf", "b" * 64))
    assert _related(bom, "ancestorOf") == [("base.gguf", ["m.gguf"])]
    assert len(_elements(bom, "ai_AIPackage")) == 2


def test_gaps_make_the_contents_incomplete() -> None:
    gaps = (Unexamined(path=b"/home/ada/models/secret", reason="permission denied"),)
    (whole,) = [
        one
        for one in _elements(bom_of(artifact(), unexamined=gaps), "Relationship")
        if one["relationshipType"] == "contains"
    ]
    assert whole["completeness"] == "incomplete"
    (whole,) = [one for one in _elements(bom_of(artifact()), "Relationship") if one["relationshipType"] == "contains"]
    assert whole["completeness"] == "complete"


def test_assessment_and_verdict_are_annotations() -> None:
    statements = [one["statement"] for one in _elements(_awkward(), "Annotation")]
    assert any(text.startswith("The assessment is malicious.") for text in statements)
    assert any(text.startswith("The verdict on load is deny") for text in statements)
