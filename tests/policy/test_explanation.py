from dataclasses import replace
from datetime import date

from inline_snapshot import snapshot
from tests.policy_texts import artifact, shipped

from weighbridge.model.finding import Assessment
from weighbridge.policy.explanation import explain_rule, explain_verdict
from weighbridge.policy.rulings import Approval, Rulings
from weighbridge.policy.weigh import Circumstances, weigh


def test_a_denied_artifact():
    verdict = weigh(artifact(Assessment.INCOMPLETE), shipped("regulated"))
    assert explain_verdict(verdict, "model.gguf") == snapshot("""\
To load model.gguf is denied by policy regulated 1.

Decided by:
  deny-incomplete (not allowed, severity high)
    Parts of it could not be examined, so nobody knows what they do.
    because assessment = incomplete; accepted = no
    Complete the download or unpack it and weigh it again. If that does not help, use another model.

Also said:
  hold-unaccepted-source (needs a review, severity medium)
    It does not come from one of the sources that the policy accepts.
    because source.accepted = no; accepted = no
    Get the model from an acceptable source, or ask for its source to be added.

Next: Complete the download or unpack it and weigh it again. If that does not help, use another model.
""")


def test_an_observed_artifact_says_what_enforcement_would_bring():
    text = explain_verdict(weigh(artifact(Assessment.MALICIOUS), shipped("observe")), "model.gguf")
    assert "is allowed with a warning by policy observe 1" in text
    assert "if it were enforced, this would be denied" in text
    assert "assessment = malicious" in text


def test_an_allowed_artifact():
    assert explain_verdict(weigh(artifact(), shipped("balanced")), "model.gguf") == snapshot("""\
To load model.gguf is allowed by policy balanced 1.

Permitted by permit-the-rest: Nothing in the policy speaks against it.
""")


def test_a_rule():
    rule = shipped("balanced").rule("deny-noncommercial")
    assert rule is not None
    text = explain_rule(rule)
    assert "balanced/licenses.cedar:" in text
    assert "Asks for: resource.license.effective.commercial, resource.production, context.environment" in text
    assert 'forbid (principal, action in [Action::"serve", Action::"ship"], resource is Artifact)' in text


def test_what_the_catalog_says_stands_beside_the_decision():
    approved = Approval(until=date(2027, 1, 1), model="acme/coder", data_classes=("internal",))
    known = Rulings(approved={"ab" * 32: approved})
    today = Circumstances(day=date(2026, 11, 21))
    said = "In the catalog: approved as acme/coder, for internal data, until 2027-01-01."
    for assessment, decided in ((Assessment.INCOMPLETE, "Decided by:"), (Assessment.CLEAN, "Permitted by permit")):
        model = replace(artifact(assessment), sha256="ab" * 32)
        verdict = weigh(model, replace(shipped("balanced"), rulings=known), circumstances=today)
        lines = explain_verdict(verdict, "model.gguf").splitlines()
        assert lines.count(said) == 1
        assert any(line.startswith(decided) for line in lines)
