import pytest
from tests.bom.bills import artifact, bom_of

from weighbridge.bom import cyclonedx, spdx
from weighbridge.bom.check import problems


def _two() -> tuple[dict, dict]:
    bom = bom_of(artifact(), artifact("/home/ada/models/n.gguf", "b" * 64))
    return cyclonedx.document(bom), spdx.document(bom)


def test_our_documents_have_no_problems() -> None:
    assert [problems(document) for document in _two()] == [(), ()]


def test_a_reference_that_occurs_twice() -> None:
    one, two = _two()
    one["components"][1]["bom-ref"] = one["components"][0]["bom-ref"]
    assert any("occurs twice" in problem for problem in problems(one))
    two["@graph"].append(two["@graph"][-1])
    assert any("occurs twice" in problem for problem in problems(two))


@pytest.mark.parametrize("key", ["dependencies", "compositions"])
def test_a_reference_that_leads_nowhere(key: str) -> None:
    document, _ = _two()
    (document[key][0].get("dependsOn") or document[key][0]["assemblies"]).append("sha256:gone")
    assert problems(document) == ("reference sha256:gone leads nowhere",)


def test_an_element_that_leads_nowhere() -> None:
    _, document = _two()
    next(one for one in document["@graph"] if one["type"] == "Relationship")["to"].append("urn:gone")
    assert problems(document) == ("reference urn:gone leads nowhere",)


def test_a_digest_of_the_wrong_length_or_alphabet() -> None:
    one, two = _two()
    one["components"][0]["hashes"][0]["content"] = "A" * 64
    assert len(problems(one)) == 1
    next(item for item in two["@graph"] if "verifiedUsing" in item)["verifiedUsing"][0]["hashValue"] = "ab"
    assert problems(two) == ("sha256 ab is no such digest",)


def test_a_license_that_is_not_listed() -> None:
    document, _ = _two()
    document["components"][0]["licenses"] = [{"license": {"id": "llama3.1"}}, {"expression": "mit OR apache-2.0"}]
    assert problems(document) == (
        "llama3.1 is no listed license",
        "mit OR apache-2.0 is no expression of listed licenses",
    )
