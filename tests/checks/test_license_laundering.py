from weighbridge.checks.check import Subject
from weighbridge.checks.license_laundering import CHECK, judge
from weighbridge.model.finding import Assessment, Confidence
from weighbridge.model.license import LicenseAltered, LicenseLaundering

SUBJECT = Subject(format="gguf", name="model.gguf")


def laundering(grade):
    return LicenseLaundering(
        claimed="apache-2.0",
        ancestor="meta-llama/Llama-3.1-8B",
        ancestor_license="llama3.1",
        chain=("this artifact", "acme/tuned", "meta-llama/Llama-3.1-8B"),
        grade=grade,
    )


def test_the_chain_is_evidence():
    (finding,) = judge(laundering("declared"), SUBJECT)
    assert "claims `apache-2.0`" in finding.message
    assert finding.evidence.value == "this artifact ← acme/tuned ← meta-llama/Llama-3.1-8B"
    assert (finding.implies, finding.confidence) == (Assessment.CLEAN, Confidence.MEDIUM)


def test_a_measured_ancestor_is_surer():
    (finding,) = judge(laundering("measured"), SUBJECT)
    assert finding.confidence is Confidence.HIGH


def test_a_changed_text_is_no_laundering():
    assert not isinstance(LicenseAltered(source="s", license="mit", detail=""), CHECK.wants)
