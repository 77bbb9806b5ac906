from tests.cli.ruling_fleet import fleet, rulings  # noqa: F401  (fixtures)
from tests.fleet.small_fleet import LAPTOP, LLAMA, PICKLE

ASK = ("--rule", "warn-review", "--model", LLAMA, "--owner", "grace", "--reason", "Audit.")


def test_asking_changes_nothing(rulings):  # noqa: F811
    code, out, err = rulings("except", *ASK, "--endpoint", LAPTOP, "--days", "7")
    assert (code, len(out.strip())) == (0, 16)
    assert "until somebody else grants it" in err
    assert "asked, 7 days" in rulings.well("exceptions")


def test_what_nobody_can_have_is_said(rulings):  # noqa: F811
    for more in (("--endpoint", LAPTOP, "--everywhere"), ()):
        code, _, err = rulings("except", *ASK, *more)
        assert (code, "say where, once" in err) == (2, True)
    attack = ("--rule", "x", "--model", PICKLE, "--owner", "g", "--reason", "Audit.", "--everywhere")
    code, _, err = rulings("except", *attack)
    assert (code, "this model is malicious" in err) == (2, True)
    assert rulings("except", *ASK, "--endpoint", "z" * 16)[0] == 2
    assert rulings("except", *ASK, "--everywhere", "--days", "367")[0] == 2
