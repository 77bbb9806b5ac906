from weighbridge.checks.check import Subject
from weighbridge.checks.license_altered import CHECK, judge
from weighbridge.model.finding import Assessment, Confidence
from weighbridge.model.license import LicenseAltered, LicenseDisagreement

SUBJECT = Subject(format="gguf", name="model.gguf")


def test_what_was_changed_is_said():
    (finding,) = judge(LicenseAltered(source="LICENSE beside the file", license="mit", detail="added: free"), SUBJECT)
    assert finding.message.endswith("is `mit` with changes: added: free.")
    assert (finding.implies, finding.confidence) == (Assessment.CLEAN, Confidence.HIGH)
    (plain,) = judge(LicenseAltered(source="LICENSE", license="mit", detail=""), SUBJECT)
    assert plain.message.endswith("`mit` with changes.")


def test_a_disagreement_is_no_alteration():
    other = LicenseDisagreement(first="a", first_source="b", second="c", second_source="d")
    assert not isinstance(other, CHECK.wants)
