import hashlib

from weighbridge.bom.component import Statement
from weighbridge.bom.distribution import library, read_distribution

METADATA = b"""Metadata-Version: 2.1
Name: Example.Package
Version: 1.0
Summary: Does
 two lines
License: MIT
Classifier: Programming Language :: Python
Classifier: License :: OSI Approved :: MIT License
Author-email: Ada <ada@example.com>

License: not a header
"""


def test_the_headers_are_read_and_the_body_is_not() -> None:
    found = read_distribution("site-packages/example.dist-info", METADATA, b"a,sha256=x,1\nb,,\n")
    assert found is not None
    assert (found.name, found.version, found.summary, found.files) == ("Example.Package", "1.0", "Does two lines", 2)
    assert found.record_sha256 == hashlib.sha256(b"a,sha256=x,1\nb,,\n").hexdigest()
    assert found.licenses == (
        Statement(value="MIT", source="METADATA License"),
        Statement(value="MIT License", source="METADATA Classifier"),
    )


def test_a_license_expression_settles_it() -> None:
    found = read_distribution("p", b"Name: a\nVersion: 1\nLicense-Expression: MIT OR Apache-2.0\nLicense: BSD\n", None)
    assert found is not None
    component = library(found)
    assert component.licensing.concluded == "MIT OR Apache-2.0"
    assert (component.ref, component.purl) == ("pkg:pypi/a@1", "pkg:pypi/a@1")


def test_several_or_vague_statements_conclude_nothing() -> None:
    for text in (b"License: BSD License\n", METADATA.partition(b"\n")[2], b"License: UNKNOWN\n"):
        found = read_distribution("p", b"Name: a\nVersion: 1\n" + text, None)
        assert found is not None
        assert library(found).licensing.concluded is None


def test_without_name_or_version_it_is_none() -> None:
    assert read_distribution("p", b"Name: a\n", None) is None
    assert read_distribution("p", b"\xff\xfe", None) is None
    assert read_distribution("p", b"", None) is None
