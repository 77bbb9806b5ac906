import datetime
import json

import cedarpy
from hypothesis import given
from tests.policy_texts import ARTIFACTS, SETTINGS, artifact

from weighbridge.licensing.entry import OUTPUT_TRAINING, USE_POLICIES
from weighbridge.model.artifact import Repository
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Confidence, Finding, Severity
from weighbridge.model.license import (
    Commercial,
    DeclaredLicense,
    EffectiveTerms,
    LicenseTerms,
    Outputs,
    Threshold,
)
from weighbridge.model.place import Place
from weighbridge.policy.attributes import accepted_digests, artifact_attributes, nested, publisher, surroundings
from weighbridge.policy.schema import schema
from weighbridge.policy.settings_file import read_settings
from weighbridge.policy.vocabulary import ARTIFACT

PLAIN = read_settings("policy.yaml", SETTINGS.encode())


def settings_with(text: str):
    return read_settings("policy.yaml", (SETTINGS + text).encode())


def fact(name, value, grade=Grade.DECLARED):
    return Fact(name=name, value=value, grade=grade, source="header")


def finding(check, severity=Severity.HIGH):
    return Finding(
        check=check,
        severity=severity,
        confidence=Confidence.HIGH,
        message="m",
        remedy="r",
        implies=Assessment.REVIEW,
        atlas="AML.T0011",
    )


def test_every_attribute_that_must_be_there_is_there():
    values = artifact_attributes(artifact(), PLAIN)
    assert values.keys() == {attribute.path for attribute in ARTIFACT.attributes if not attribute.optional}
    assert values["architecture"] == "unknown"
    assert values["severity"] == "none"


def test_the_best_grade_counts():
    facts = (
        fact("quantization", "Q8_0"),
        fact("quantization", "Q4_K_M", Grade.MEASURED),
        fact("parameters", 7, Grade.MEASURED),
        fact("context_length", True),
        fact("name", ""),
    )
    values = artifact_attributes(artifact(facts=facts), PLAIN)
    assert values["quantization"] == "q4_k_m"
    assert values["parameters"] == 7
    assert "context_length" not in values
    assert values["name"] == "unknown"


def test_findings():
    values = artifact_attributes(
        artifact(findings=(finding("b"), finding("a", Severity.CRITICAL), finding("a"))), PLAIN
    )
    assert values["checks"] == ("a", "b")
    assert (values["severity"], values["severity_rank"], values["findings"]) == ("critical", 5, 3)
    assert values["techniques"] == ("AML.T0011",)


def test_digest_status():
    def status(measured, claimed):
        return artifact_attributes(artifact(sha256=measured, claimed_sha256=claimed), PLAIN)["digest.status"]

    assert status("ab", "AB") == "verified"
    assert status("ab", None) == "measured"
    assert status(None, "ab") == "claimed"
    assert status("ab", "cd") == "mismatch"
    assert status(None, None) == "none"


def test_sources_and_publishers():
    place = Place(path=b"/s/models/x", store="huggingface", store_name="Org/name@main")
    assert publisher(place) == "org"
    assert publisher(Place(path=b"/x", store_name="name")) is None
    one = artifact(places=(place,))
    for text, accepted in (
        ("sources:\n  - {store: huggingface, publishers: [ORG]}\n", True),
        ("sources:\n  - {store: huggingface, publishers: ['*']}\n", True),
        ("sources:\n  - {store: huggingface}\n", True),
        ("sources:\n  - {store: huggingface, publishers: [other]}\n", False),
        ("sources:\n  - {store: ollama}\n", False),
        ("sources:\n  - {path: /s/models}\n", True),
        ("sources:\n  - {path: /s/mod}\n", False),
        ("sources:\n  - {store: huggingface, path: /other}\n", False),
        ("", False),
    ):
        assert artifact_attributes(one, settings_with(text))["source.accepted"] is accepted, text
    assert artifact_attributes(one, PLAIN)["source.known"] is True
    assert artifact_attributes(artifact(), PLAIN)["source.known"] is False
    assert artifact_attributes(artifact(facts=(fact("source_url", "https://example.org"),)), PLAIN)["source.known"]


def test_production_paths_are_folders():
    settings = settings_with("production_paths: [/srv/]\n")
    for path, production in ((b"/srv/a", True), (b"/srv", True), (b"/srvx/a", False), (b"/home/srv/a", False)):
        assert artifact_attributes(artifact(places=(Place(path=path),)), settings)["production"] is production


def test_windows_folders():
    settings = settings_with("production_paths: ['C:\\models']\n")
    assert artifact_attributes(artifact(places=(Place(path=b"C:\\models\\a"),)), settings)["production"]
    assert not artifact_attributes(artifact(places=(Place(path=b"C:\\models2\\a"),)), settings)["production"]


def test_only_a_measured_digest_is_accepted_and_only_until_its_day():
    settings = settings_with(
        f"accepted:\n  - {{sha256: {'AB' * 32}, reason: r, by: b, until: 2026-06-01}}\n"
        f"  - {{sha256: {'cd' * 32}, reason: r, by: b}}\n"
    )

    def accepted(sha256, day, claimed=None):
        one = artifact(sha256=sha256, claimed_sha256=claimed)
        return artifact_attributes(one, settings, accepted_digests(settings, day))["accepted"]

    assert accepted("ab" * 32, datetime.date(2026, 6, 1))
    assert not accepted("ab" * 32, datetime.date(2026, 6, 2))
    assert not accepted("ab" * 32, None)
    assert accepted("cd" * 32, None)
    assert not accepted(None, None, claimed="cd" * 32)


def test_licenses():
    terms = LicenseTerms(
        declared=(DeclaredLicense(value=" MIT ", source="s"), DeclaredLicense(value="mit", source="t")),
        concluded="MIT",
        commercial=Commercial.ALLOWED,
    )
    values = artifact_attributes(artifact(license=terms), PLAIN)
    assert values["license.declared"] == ("mit",)
    assert values["license.concluded"] == "mit"
    assert values["license.effective.commercial"] == "allowed"


def test_the_worst_repository_around_counts():
    around = surroundings(
        (
            Repository(path=b"/r", assessment=Assessment.REVIEW, artifacts=(b"/r/a", b"/r/b")),
            Repository(path=b"/r", assessment=Assessment.CLEAN, artifacts=(b"/r/a",)),
        )
    )
    assert around == {b"/r/a": Assessment.REVIEW, b"/r/b": Assessment.REVIEW}
    places = (Place(path=b"/r/b"), Place(path=b"/elsewhere"))
    assert artifact_attributes(artifact(places=places), PLAIN, around=around)["repository.assessment"] == "review"
    assert artifact_attributes(artifact(), PLAIN, around=around)["repository.assessment"] == "none"


def test_dotted_paths_become_records():
    assert nested({"a.b.c": 1, "a.b.d": ("x",), "e": True}) == {"a": {"b": {"c": 1, "d": ["x"]}}, "e": True}


@given(ARTIFACTS)
def test_any_artifact_fits_the_schema(one):
    values = artifact_attributes(one, settings_with("sources: [{store: a, publishers: [b]}]\nproduction_paths: [/a]\n"))
    item = {"uid": {"type": "Artifact", "id": "x"}, "attrs": nested(values), "parents": []}
    cedarpy.Entities.from_json_str(json.dumps([item]), schema())


def test_characters_that_cedar_does_not_take_and_numbers_too_large_are_made_to_fit():
    facts = (fact("name", "a\ud800b"), fact("parameters", 2**70), fact("architecture", ("x", "y")))
    values = artifact_attributes(artifact(format="\udfff" + "x" * 5000, facts=facts, size=-(2**80)), PLAIN)
    assert values["name"] == "a?b"
    assert values["parameters"] == 2**63 - 1
    assert values["architecture"] == "x, y"
    assert len(values["format"]) == 1000
    item = {"uid": {"type": "Artifact", "id": "x"}, "attrs": nested(values), "parents": []}
    cedarpy.Entities.from_json_str(json.dumps([item]), schema())


def test_license_terms_as_attributes() -> None:
    terms = LicenseTerms(
        concluded="llama3.1",
        method="text",
        confidence=Confidence.HIGH,
        commercial=Commercial.CONDITIONAL,
        effective=EffectiveTerms(
            commercial=Commercial.CONDITIONAL,
            outputs=Outputs.FREE,
            output_training="name-if-released",
            regions_excluded=("UK", "EU"),
            obligations=("display:Built with Llama",),
            use_policy="external",
            thresholds=(
                Threshold(metric="monthly_active_users", above=700_000_000, effect="separate-license"),
                Threshold(metric="daily_active_users", above=1_000_000, effect="separate-license"),
                Threshold(metric="monthly_revenue_usd", above=2_000_000, effect="display-name"),
                Threshold(metric="annual_revenue_cny", above=1, effect="separate-license"),
            ),
        ),
    )
    values = artifact_attributes(artifact(license=terms), PLAIN)
    assert values["license.effective.outputs"] == "free"
    assert values["license.effective.regions_excluded"] == ("EU", "UK")
    assert values["license.effective.obligations"] == ("display:Built with Llama",)
    assert values["license.effective.user_threshold"] == 1_000_000
    assert values["license.effective.revenue_threshold"] == 24_000_000
    assert (values["license.method"], values["license.confidence"]) == ("text", "high")
    none = artifact_attributes(artifact(), PLAIN)
    assert (none["license.method"], none["license.effective.outputs"]) == ("none", "unclear")
    assert "license.effective.user_threshold" not in none


def test_a_threshold_in_another_currency_is_not_lost() -> None:
    euros = Threshold(metric="annual_revenue_eur", above=2_000_000, effect="separate-license")
    terms = LicenseTerms(effective=EffectiveTerms(thresholds=(euros,)))
    assert artifact_attributes(artifact(license=terms), PLAIN)["license.effective.revenue_threshold"] == 1


def test_words_of_the_license_table_are_words_of_the_policy() -> None:
    by_path = {attribute.path: attribute for attribute in ARTIFACT.attributes}
    assert set(by_path["license.effective.output_training"].values) == set(OUTPUT_TRAINING)
    assert set(by_path["license.effective.use_policy"].values) == set(USE_POLICIES)
