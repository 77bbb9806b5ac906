import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.bom.bills import artifact, bom_of, demo_bom, fact, three_model_bom
from tests.bom.validation import cyclonedx_errors
from tests.samples.scan import scan

from weighbridge.bom.build import from_scan
from weighbridge.bom.check import problems
from weighbridge.bom.component import Bom
from weighbridge.bom.cyclonedx import document
from weighbridge.bom.places import Places
from weighbridge.bom.read import read_bom
from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade
from weighbridge.model.finding import Assessment, Confidence, Unexamined
from weighbridge.model.license import Commercial, DeclaredLicense, LicenseTerms


def _awkward() -> Bom:
    return from_scan(scan(), Places(("/home/ada",), "/home/ada"), tool="0.0.0")


@pytest.mark.parametrize("make", [_awkward, demo_bom, three_model_bom, bom_of])
def test_every_fixture_is_valid_and_reads_back_equal(make: Callable[[], Bom]) -> None:
    bom = make()
    written = document(bom)
    text = json.dumps(written)
    assert cyclonedx_errors(text) is None
    assert problems(written) == ()
    assert read_bom(text.encode()) == bom


def test_the_validator_can_fail() -> None:
    written = document(bom_of(artifact()))
    written["components"][0]["hashes"][0]["content"] = "ab"
    assert cyclonedx_errors(json.dumps(written)) is not None


def test_the_same_content_gives_the_same_bytes_and_other_content_another_serial_number() -> None:
    one, two = (json.dumps(document(bom_of(artifact(), artifact("/x/n.gguf", "b" * 64)))) for _ in range(2))
    assert one == two
    swapped = json.dumps(document(bom_of(artifact("/x/n.gguf", "b" * 64), artifact())))
    assert swapped == one
    other = document(bom_of(artifact(size=8)))
    assert other["serialNumber"] != json.loads(one)["serialNumber"]
    assert other["serialNumber"].startswith("urn:uuid:")
    assert "timestamp" not in other["metadata"]


def test_a_given_time_is_written() -> None:
    bom = replace(bom_of(artifact()), timestamp="2026-11-21T04:35:00Z")
    assert document(bom)["metadata"]["timestamp"] == "2026-11-21T04:35:00Z"
    assert read_bom(json.dumps(document(bom)).encode()) == bom


def test_a_component_has_reference_digests_and_evidence() -> None:
    (component,) = document(bom_of(artifact(blake3="b" * 64)))["components"]
    assert component["type"] == "machine-learning-model"
    assert component["bom-ref"] == "sha256:" + "a" * 64
    assert component["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}, {"alg": "BLAKE3", "content": "b" * 64}]
    fields = {item["field"]: item for item in component["evidence"]["identity"]}
    assert fields["hash"]["confidence"] == 1.0
    assert fields["name"]["methods"][0]["technique"] == "filename"
    assert component["evidence"]["occurrences"] == [{"location": "m.gguf"}]


def test_only_listed_licenses_are_ids_and_both_sides_are_told_apart() -> None:
    terms = LicenseTerms(
        declared=(
            DeclaredLicense(value="apache 2.0", source="header key general.license"),
            DeclaredLicense(value="llama3.1", source="model card"),
            DeclaredLicense(value="Apache-2.0", source="model card"),
            DeclaredLicense(value="https://example.com/LICENSE", source="model card"),
            DeclaredLicense(value="MIT OR Apache-2.0", source="model card"),
        ),
        concluded="llama3.1",
        method="label",
        confidence=Confidence.LOW,
        commercial=Commercial.CONDITIONAL,
    )
    (component,) = document(bom_of(artifact(license=terms)))["components"]
    first, second, third, last = component["licenses"]
    assert (first["license"]["id"], first["license"]["acknowledgement"]) == ("Apache-2.0", "declared")
    assert [pair["value"] for pair in first["license"]["properties"]] == ["header key general.license", "model card"]
    assert second["license"]["name"] == "llama3.1"
    assert {"type": "license", "url": "https://example.com/LICENSE"} in component["externalReferences"]
    assert third["expression"] == "MIT OR Apache-2.0"
    assert (last["license"]["name"], last["license"]["acknowledgement"]) == ("llama3.1", "concluded")
    assert {"name": "weighbridge:method", "value": "label"} in last["license"]["properties"]


def test_pedigree_tells_declared_and_measured_apart() -> None:
    parent = Ancestor(name="meta-llama/Llama-3.1-8B", relation=Relation.FINE_TUNED, grade=Grade.DECLARED, source="card")
    measured = Ancestor(
        name="local/base",
        relation=Relation.QUANTIZED,
        grade=Grade.MEASURED,
        source="lineage atlas",
        sha256="b" * 64,
        license="cc-by-nc-4.0",
        score=0.996,
        share=0.7,
        residual=0.01,
        detail="0.996 over 81 tensors",
        parents=(parent,),
    )
    bom = bom_of(artifact(ancestry=(measured,)), artifact("/x/base.gguf", "b" * 64))
    written = document(bom)
    child = next(item for item in written["components"] if "pedigree" in item)
    (ancestor,) = child["pedigree"]["ancestors"]
    assert (ancestor["group"], ancestor["name"]) == ("local", "base")
    assert {"name": "weighbridge:grade", "value": "measured"} in ancestor["properties"]
    assert {"name": "weighbridge:share", "value": "0.7"} in ancestor["properties"]
    assert ancestor["licenses"] == [{"license": {"id": "CC-BY-NC-4.0", "acknowledgement": "declared"}}]
    assert ancestor["pedigree"]["ancestors"][0]["name"] == "Llama-3.1-8B"
    needs = {item["ref"]: item.get("dependsOn") for item in written["dependencies"]}
    assert needs[child["bom-ref"]] == ["sha256:" + "b" * 64]
    assert read_bom(json.dumps(written).encode()) == bom


def test_the_model_card_comes_from_headers() -> None:
    facts = (
        fact("architecture", "llama"),
        fact("parameters", 8_030_261_248, Grade.MEASURED),
        fact("dataset", ("a/one", "two")),
        fact("inputs", ("tokens",)),
        fact("task", "text-generation"),
        fact("chat_template.sha256", "c" * 64, Grade.MEASURED),
    )
    (component,) = document(bom_of(artifact(facts=facts)))["components"]
    parameters = component["modelCard"]["modelParameters"]
    assert parameters["architectureFamily"] == "llama"
    assert parameters["task"] == "text-generation"
    assert parameters["datasets"] == [{"type": "dataset", "name": "a/one"}, {"type": "dataset", "name": "two"}]
    assert parameters["inputs"] == [{"format": "tokens"}]
    properties = {item["name"]: item["value"] for item in component["modelCard"]["properties"]}
    assert properties["weighbridge:parameters"] == "8030261248"
    assert properties["weighbridge:chat_template.sha256"] == "c" * 64


def test_what_was_not_examined_makes_the_document_incomplete() -> None:
    gaps = (Unexamined(path=b"/home/ada/models/secret", reason="permission denied"),)
    written = document(bom_of(artifact(), unexamined=gaps))
    whole, partial = written["compositions"]
    assert (whole["aggregate"], partial["aggregate"]) == ("incomplete", "incomplete")
    (name,) = [item["name"] for item in written["components"] if item["bom-ref"] in partial["assemblies"]]
    assert name == "secret"
    assert document(bom_of(artifact()))["compositions"][0]["aggregate"] == "complete"


def test_assessment_and_verdict_are_claims_with_evidence() -> None:
    written = document(_awkward())
    declarations = written["declarations"]
    predicates = [claim["predicate"] for claim in declarations["claims"]]
    assert "The assessment is malicious." in predicates
    assert any(predicate.startswith("The verdict on load is deny") for predicate in predicates)
    (attestation,) = declarations["attestations"]
    by_requirement = {one["requirement"]: one for one in attestation["map"]}
    assert 0 < by_requirement["weighbridge:requirement:assessment"]["conformance"]["score"] < 1
    assert document(bom_of(artifact(assessment=Assessment.CLEAN)))["declarations"]["claims"]


def test_no_path_of_a_person_is_written() -> None:
    for bom in (_awkward(), demo_bom(), three_model_bom()):
        assert "/home/ada" not in json.dumps(document(bom))
