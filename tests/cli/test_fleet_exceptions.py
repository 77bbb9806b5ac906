import json

from tests.cli.ruling_fleet import fleet, rulings  # noqa: F401  (fixtures)
from tests.fleet.ruling_people import viewer
from tests.fleet.small_fleet import AT, LLAMA

from weighbridge.fleet.exception_asking import Asking, ask


def asked(fleet, name="bob"):  # noqa: F811
    wanted = Asking(rule="warn-review", sha256=LLAMA, scope="fleet", reason="Audit.", owner="grace", days=30)
    return fleet.do(lambda connection: ask(connection, AT, viewer(name), wanted)).exception_id


def test_granting_signing_and_withdrawing(rulings):  # noqa: F811
    rulings.delegated()
    one = asked(rulings)
    assert "granted, waits for signatures" in rulings.well("exceptions", one, "--grant", "--days", "10")
    assert "1 decision not signed yet" in rulings.well("exceptions")
    rulings.well("exceptions", "--sign", "exc.sign.json")
    said = rulings.signed("exc.sign.json")
    assert "exceptions 1 are published" in said
    listed = rulings.well("exceptions")
    assert f"{one}  in force, until " in listed
    assert "warn-review for 1a1a1a1a1a1a, fleet; grace answers for it: Audit." in listed
    rulings.well("exceptions", one, "--withdraw", "--reason", "The audit is over.")
    shown = rulings.well("exceptions", one)
    for step in ("asked", "granted", "withdrawn   command line  The audit is over."):
        assert step in shown
    rulings.well("exceptions", one, "--undo")
    assert json.loads(rulings("exceptions", one, "--format", "json")[1])["exception"]["state"] == "granted"


def test_what_is_signed_can_be_read_before(rulings):  # noqa: F811
    rulings.delegated()
    rulings.well("exceptions", asked(rulings), "--grant")
    rulings.well("exceptions", "--sign", "exc.sign.json")
    shown = rulings.policies.well("sign", "exc.sign.json", "--text", "exc.text.json", "--key", "ada")
    assert "exceptions 1: 1 exception in force" in shown
    assert "warn-review for 1a1a1a1a1a1a, everywhere, until " in shown
    assert "grace answers for it: Audit." in shown


def test_renewing_and_refusing(rulings):  # noqa: F811
    one = asked(rulings)
    rulings.well("exceptions", one, "--grant")
    assert "asked" in rulings.well("exceptions", one, "--renew", "--days", "60")
    again = json.loads(rulings("exceptions", "--format", "json")[1])[0]
    assert (again["renews"], again["days"], again["state"]) == (one, 60, "asked")
    code, _, err = rulings("exceptions", again["exception_id"], "--grant")
    assert (code, "who asks does not decide" in err) == (2, True)
    assert rulings("exceptions", again["exception_id"], "--refuse")[0] == 2
    assert "refused" in rulings.well("exceptions", again["exception_id"], "--refuse", "--reason", "Once is enough.")


def test_what_is_missing_is_said(rulings):  # noqa: F811
    assert "no exceptions" in rulings.well("exceptions")
    code, _, err = rulings("exceptions", "--grant")
    assert (code, "needs the ID" in err) == (2, True)
    code, _, err = rulings("exceptions", "0" * 16)
    assert (code, "there is no such exception" in err) == (2, True)
