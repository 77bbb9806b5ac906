from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_a_person_signs_what_they_read_and_nothing_else(fleet):  # noqa: F811
    fleet.trusted()
    fleet.well("upload", "policy")
    said = fleet.well("sign", "policy-1.sign.json", "--key", "ada", "--policy", "policy")
    assert "signatures: 1" in said
    assert "policy 1  " in said
    changed = fleet.folder / "policy" / "policy.yaml"
    changed.write_text(changed.read_text() + "\n")
    before = (fleet.folder / "policy-1.sign.json").read_bytes()
    code, _, err = fleet("sign", "policy-1.sign.json", "--key", "bob", "--policy", "policy")
    assert (code, "is not the policy in policy" in err) == (1, True)
    assert (fleet.folder / "policy-1.sign.json").read_bytes() == before


def test_what_cannot_be_signed_is_said(fleet):  # noqa: F811
    fleet.trusted()
    for file in ("missing.json", "policy/policy.yaml"):
        code, _, err = fleet("sign", file, "--key", "ada")
        assert (code, "E-policy-metadata" in err) == (2, True)
    assert fleet("sign", "root.sign.json", "--key", "ada", "--policy", "policy")[0] == 2
    assert fleet("sign", "root.sign.json", "--key", "ada.pub")[0] == 2
