import json

from tests.cli.ruling_fleet import fleet, rulings  # noqa: F401  (fixtures)
from tests.fleet.small_fleet import LLAMA, POET


def test_people_sign_what_they_read(rulings):  # noqa: F811
    rulings.delegated()
    rulings.well("revoke", LLAMA, "--reason", "It phones home.", "--yes")
    assert "2 of 2 for revocations: nothing signed yet; 1 decision not signed yet" in rulings.well("revocations")
    said = rulings.well("revocations", "--sign", "rev.sign.json")
    assert "rev.text.json is what it says" in said
    text = json.loads((rulings.folder / "rev.text.json").read_text())
    assert [one["sha256"] for one in text["revoked"]] == [LLAMA]
    assert "revocations 1 are published" in rulings.signed("rev.sign.json")
    assert f"{LLAMA}  in force" in rulings.well("revocations")
    found = json.loads(rulings("revocations", "--format", "json")[1])
    assert [(one["role"], one["number"], one["waiting"]) for one in found["roles"]] == [
        ("revocations", 1, 0),
        ("exceptions", 0, 0),
        ("catalog", 0, 0),
    ]


def test_nobody_signs_what_they_did_not_read(rulings):  # noqa: F811
    rulings.delegated()
    rulings.well("revoke", LLAMA, "--reason", "It phones home.", "--yes")
    rulings.well("revocations", "--sign", "rev.sign.json")
    rulings.well("revoke", POET, "--reason", "Another one.", "--yes")
    rulings.well("revocations", "--sign", "other.sign.json")
    code, _, err = rulings.policies("sign", "rev.sign.json", "--text", "other.text.json", "--key", "ada")
    assert (code, "nothing was signed" in err) == (1, True)
    shown = rulings.policies.well("sign", "rev.sign.json", "--text", "rev.text.json", "--key", "ada")
    assert f"{LLAMA}  It phones home." in shown
    assert POET not in shown
    blind = rulings.policies.well("sign", "rev.sign.json", "--key", "bob")
    assert "--text FILE shows what it says" in blind
    code, _, err = rulings.policies("sign", "rev.sign.json", "--text", "nowhere.json", "--key", "ada")
    assert (code, "E-policy-metadata" in err) == (2, True)


def test_too_few_signatures_are_said(rulings):  # noqa: F811
    rulings.delegated()
    rulings.well("revoke", LLAMA, "--reason", "It phones home.", "--yes")
    rulings.well("revocations", "--sign", "rev.sign.json")
    rulings.policies.well("sign", "rev.sign.json", "--key", "ada")
    rulings.policies.well("sign", "rev.sign.json", "--key", "eve")
    code, _, err = rulings.policies("publish", "rev.sign.json")
    assert (code, "1 more person" in err) == (2, True)


def test_before_anybody_is_named(rulings):  # noqa: F811
    assert "nobody yet: wb fleet policy root, then wb fleet policy delegate" in rulings.well("revocations")
    code, _, err = rulings.policies("delegate")
    assert (code, "wb fleet policy root" in err) == (2, True)
