import datetime

from weighbridge.policy.rulings import REVOKED_RULE, Exemption, Revocation, Rulings


def test_no_rulings_are_falsy():
    assert not Rulings()
    assert Rulings(revoked={"ba" * 32: Revocation(sha256="ba" * 32, reason="bad", by="ada", at="2026-11-21")})
    day = datetime.date(2026, 12, 31)
    assert Rulings(exemptions=(Exemption(id="1", owner="grace", reason="audit", until=day, rule="warn-review"),))


def test_the_rule_has_a_name_of_its_own():
    assert REVOKED_RULE == "revoked-model"
