from weighbridge.checks.check import Subject
from weighbridge.checks.license_disagreement import CHECK, judge
from weighbridge.model.finding import Assessment
from weighbridge.model.license import LicenseAltered, LicenseDisagreement

SUBJECT = Subject(format="gguf", name="model.gguf")


def test_two_licenses_for_one_artifact():
    found = LicenseDisagreement(first="mit", first_source="card", second="llama3.1", second_source="LICENSE")
    (finding,) = judge(found, SUBJECT)
    assert finding.message == "model.gguf is `mit` by card and `llama3.1` by LICENSE."
    assert finding.implies is Assessment.CLEAN


def test_it_wants_nothing_else():
    assert CHECK.wants == (LicenseDisagreement,)
    assert not isinstance(LicenseAltered(source="s", license="mit", detail=""), CHECK.wants)


def test_long_names_are_shortened():
    found = LicenseDisagreement(first="x" * 9999, first_source="y" * 9999, second="z", second_source="s")
    (finding,) = judge(found, SUBJECT)
    assert len(finding.message) < 400
