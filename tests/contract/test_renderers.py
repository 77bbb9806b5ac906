"""Every renderer takes any scan, however hostile its texts, and never lets them act."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.samples.scan import context

from weighbridge.model.artifact import Artifact, Repository, Scan
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity, Unexamined
from weighbridge.model.license import Commercial, DeclaredLicense, LicenseTerms
from weighbridge.model.place import Place
from weighbridge.model.verdict import DecidingRule, Decision, Verdict
from weighbridge.report.registry import FORMATS, renderer

NASTY = [
    "\x1b[31m",
    "\u202e",
    "</script><script>alert(1)</script>",
    "'\" onload=x",
    "|`](",
    "\ud800",
    "\r\n",
    "\x00",
    "{{7*7}}",
]
text = st.text(st.characters(exclude_categories=()), max_size=12) | st.sampled_from(NASTY)
maybe = st.none() | text
path = st.binary(min_size=1, max_size=12).map(lambda tail: b"/" + tail)
value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(text, inner, max_size=2),
    max_leaves=5,
)
findings = st.lists(
    st.builds(
        Finding,
        check=st.sampled_from(["malformed", "unread"]),
        severity=st.sampled_from(Severity),
        confidence=st.sampled_from(Confidence),
        message=text,
        remedy=text,
        implies=st.sampled_from(Assessment),
        evidence=st.builds(
            Evidence, offset=st.none() | st.integers(), member=maybe, opcode=maybe, key=maybe, value=maybe
        ),
    ),
    max_size=2,
).map(tuple)
rule = st.builds(
    DecidingRule,
    id=text,
    severity=text,
    reason=text,
    remedy=text,
    facts=st.lists(st.tuples(text, text), max_size=2).map(tuple),
)
verdict = st.none() | st.builds(
    Verdict,
    decision=st.sampled_from(Decision),
    action=st.just("load"),
    policy=text,
    mode=st.just("observe"),
    rules=st.lists(rule, max_size=1).map(tuple),
    remedy=text,
)
artifact = st.builds(
    Artifact,
    format=st.sampled_from(["gguf", "pickle"]),
    size=st.integers(0, 1 << 64),
    places=st.lists(
        st.builds(Place, path=path, member=maybe, store=st.none() | st.just("ollama"), store_name=maybe), max_size=2
    ).map(tuple),
    assessment=st.sampled_from(Assessment),
    facts=st.lists(
        st.builds(Fact, name=st.just("parameters") | text, value=value, grade=st.sampled_from(Grade), source=text),
        max_size=2,
    ).map(tuple),
    findings=findings,
    license=st.builds(
        LicenseTerms,
        declared=st.lists(st.builds(DeclaredLicense, value=text, source=text), max_size=1).map(tuple),
        concluded=maybe,
        commercial=st.sampled_from(Commercial),
        reasons=st.lists(text, max_size=1).map(tuple),
    ),
    lineage=st.lists(text, max_size=1).map(tuple),
    verdict=verdict,
)
scans = st.builds(
    Scan,
    artifacts=st.lists(artifact, max_size=2).map(tuple),
    repositories=st.lists(
        st.builds(Repository, path=path, assessment=st.sampled_from(Assessment), findings=findings), max_size=1
    ).map(tuple),
    unexamined=st.lists(st.builds(Unexamined, path=path, reason=text, member=maybe), max_size=1).map(tuple),
    files_seen=st.integers(0, 1 << 40),
    bytes_seen=st.integers(0, 1 << 60),
)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=20, deadline=None)
@given(scan=scans)
def test_any_scan_is_rendered_harmlessly(name: str, scan: Scan) -> None:
    rendered = renderer(name).render(scan, context(width=80))
    rendered.encode("utf-8")
    assert rendered.endswith("\n")
    if name in ("cyclonedx", "json-v1", "sarif", "spdx"):
        assert rendered.isascii()
        json.loads(rendered, parse_constant=lambda constant: pytest.fail(constant))
    elif name == "html":
        assert rendered.count("<script") == 3
        assert "\x1b" not in rendered
    else:
        lines = rendered.split("\n")
        assert all(line.isprintable() for line in lines)
        if name == "table":
            assert max(cell_len(line) for line in lines) <= 80
