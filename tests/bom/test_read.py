import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bom.bills import artifact, bom_of, three_model_bom

from weighbridge.bom import cyclonedx, spdx
from weighbridge.bom.component import Bom, Kind
from weighbridge.bom.read import DEEPEST, LARGEST_BYTES, Entry, entries, read_bom
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.fact import Grade
from weighbridge.model.place import Place

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _read(document: dict[str, Any]) -> Bom:
    return read_bom(json.dumps(document).encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"7",
        b"{}",
        b'{"bomFormat": "Other"}',
        b'{"bomFormat": "CycloneDX", "version": NaN}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"bomFormat": "CycloneDX", "x": ' + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1) + b"}",
    ],
)
def test_what_is_no_document_is_a_clear_error(content: bytes) -> None:
    with pytest.raises(WeighbridgeError) as raised:
        read_bom(content, "x.json")
    assert raised.value.code == "E-bom-unreadable"
    assert "x.json" in str(raised.value)


def test_size_is_limited() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return LARGEST_BYTES + 1

    with pytest.raises(WeighbridgeError, match="larger"):
        read_bom(Huge(b"{}"))


def test_brackets_in_strings_are_not_nesting() -> None:
    name = "[{" * 5000 + '"\\'
    assert _read({"bomFormat": "CycloneDX", "metadata": {"component": {"name": name}}}).name.startswith("[{")


@pytest.mark.parametrize("start", ["cyclonedx", "spdx"])
@given(data=st.data())
def test_no_damage_raises_anything_else(start: str, data: st.DataObject) -> None:
    write = cyclonedx.document if start == "cyclonedx" else spdx.document
    document = json.loads(json.dumps(write(bom_of(artifact()))))
    places = [(document, key) for key in document]
    for holder, key in places:
        value = holder[key]
        if isinstance(value, dict | list) and len(places) < 300:
            places += [(value, inner) for inner in (value if isinstance(value, dict) else range(len(value)))]
    for _ in range(3):
        holder, key = data.draw(st.sampled_from(places))
        holder[key] = data.draw(anything)
    with contextlib.suppress(WeighbridgeError):
        read_bom(json.dumps(document).encode())


def test_a_foreign_cyclonedx_document() -> None:
    bom = _read(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "metadata": {
                "timestamp": "2026-01-01T00:00:00Z",
                "tools": [{"name": "other", "version": "2"}],
                "authors": [{"name": "Ada"}],
                "component": {"name": "app", "version": "3"},
            },
            "components": [
                {
                    "type": "machine-learning-model",
                    "name": "m",
                    "group": "org",
                    "hashes": [{"alg": "SHA-256", "content": "A" * 64}],
                    "licenses": [
                        {"license": {"id": "MIT"}},
                        {"expression": "MIT OR Apache-2.0", "acknowledgement": "concluded"},
                    ],
                    "modelCard": {
                        "modelParameters": {"task": "t", "datasets": [{"type": "dataset", "name": "d"}]},
                        "considerations": {"useCases": ["chat"]},
                    },
                    "pedigree": {
                        "ancestors": [
                            {
                                "name": "base",
                                "hashes": [{"alg": "SHA-256", "content": "b" * 64}],
                                "licenses": [{"license": {"id": "MIT"}}],
                            }
                        ]
                    },
                    "properties": [{"name": "x", "value": "y"}, {"name": 5}],
                    "components": [{"type": "library", "name": "inner"}],
                }
            ],
        }
    )
    model, inner = bom.components
    assert (bom.foreign, bom.tool, bom.name, bom.timestamp) == (True, "other 2", "app", "2026-01-01T00:00:00Z")
    assert (model.kind, model.sha256, inner.name) == (Kind.MODEL, "a" * 64, "inner")
    assert (model.licensing.declared[0].value, model.licensing.concluded) == ("MIT", "MIT OR Apache-2.0")
    assert model.values("dataset") == ("d",)
    assert model.value("use_cases") == "chat"
    assert {item.grade for item in model.attributes} == {Grade.DECLARED}
    assert (model.ancestors[0].name, model.ancestors[0].sha256) == ("base", "b" * 64)
    assert model.ancestors[0].license == "MIT"
    assert ("author", "Ada") in [(item.name, item.value) for item in bom.stated]


def test_a_foreign_spdx_3_document() -> None:
    graph = [
        {"type": "CreationInfo", "@id": "_:c", "created": "2026-01-01T00:00:00Z", "createdBy": ["urn:p"]},
        {"type": "Person", "spdxId": "urn:p", "name": "Ada"},
        {"type": "software_Sbom", "spdxId": "urn:s", "name": "doc", "software_sbomType": ["build"]},
        {
            "type": "ai_AIPackage",
            "spdxId": "urn:m",
            "name": "m",
            "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "a" * 64}],
            "ai_limitation": "few",
        },
        {"type": "ai_AIPackage", "spdxId": "urn:b", "name": "base"},
        {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "simplelicensing_licenseExpression": "MIT"},
        {
            "type": "Relationship",
            "spdxId": "urn:1",
            "from": "urn:m",
            "relationshipType": "hasDeclaredLicense",
            "to": ["urn:l"],
        },
        {"type": "Relationship", "spdxId": "urn:2", "from": "urn:b", "relationshipType": "ancestorOf", "to": ["urn:m"]},
    ]
    bom = _read({"@context": "x", "@graph": graph})
    model = next(item for item in bom.components if item.name == "m")
    assert (bom.foreign, bom.timestamp, model.sha256) == (True, "2026-01-01T00:00:00Z", "a" * 64)
    assert model.licensing.declared[0].value == "MIT"
    assert model.ancestors[0].name == "base"
    assert model.value("limitations") == "few"


def test_a_foreign_spdx_2_document() -> None:
    bom = _read(
        {
            "spdxVersion": "SPDX-2.3",
            "name": "doc",
            "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: other-1"]},
            "packages": [
                {
                    "SPDXID": "SPDXRef-a",
                    "name": "a",
                    "versionInfo": "1",
                    "supplier": "Organization: Org",
                    "licenseDeclared": "MIT",
                    "licenseConcluded": "NOASSERTION",
                    "checksums": [{"algorithm": "SHA256", "checksumValue": "a" * 64}],
                    "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/a@1"}],
                }
            ],
        }
    )
    (package,) = bom.components
    assert (package.name, package.version, package.producer, package.purl) == ("a", "1", "Org", "pkg:pypi/a@1")
    assert package.licensing.concluded is None
    assert bom.tool == "other-1"


def test_entries_name_every_file_with_its_digest() -> None:
    bom = bom_of(
        artifact(size=9),
        artifact(sha256="b" * 64, places=(Place(path=b"/home/ada/models/a.zip", member="x.pt"),)),
        artifact("/home/ada/models/none", None),
    )
    assert entries(bom) == (Entry("a.zip!/x.pt", "b" * 64, 7), Entry("m.gguf", "a" * 64, 9))
    paths = [entry.path for entry in entries(three_model_bom())]
    assert "d/model-00001-of-00003.safetensors" in paths
    assert "a/helpful-8b.gguf" in paths


def test_entries_of_a_read_document_are_those_of_the_record() -> None:
    bom = bom_of(artifact(), artifact("/home/ada/models/x-00001-of-00001.gguf", "b" * 64))
    for write in (cyclonedx.document, spdx.document):
        assert entries(_read(write(bom))) == entries(bom)
