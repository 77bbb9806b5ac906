from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_whose_signatures_count_is_said_once_enough_have_signed(fleet):  # noqa: F811
    fleet.well("root", "--signer", "ada.pub", "--signer", "bob.pub", "--threshold", "2")
    code, _, err = fleet("publish", "root.sign.json")
    assert (code, "2 more people" in err) == (2, True)
    fleet.signed("root.sign.json")
    assert "root 1: 2 of 2 for keys, 2 of 2 for policies" in fleet.well("publish", "root.sign.json")


def test_the_next_root_is_signed_by_both_sides(fleet):  # noqa: F811
    fleet.trusted()
    fleet.well("root", "--signer", "ada.pub", "--signer", "eve.pub", "--threshold", "2", "-o", "next.json")
    fleet.well("sign", "next.json", "--key", "ada")
    fleet.well("sign", "next.json", "--key", "eve")
    code, _, err = fleet("publish", "next.json")
    assert (code, "1 more person" in err) == (2, True)
    fleet.well("sign", "next.json", "--key", "bob")
    assert "root 2" in fleet.well("publish", "next.json")


def test_what_is_no_key_and_too_high_a_threshold_are_refused(fleet):  # noqa: F811
    assert fleet("root", "--signer", "missing.pub", "--threshold", "1")[0] == 2
    assert fleet("root", "--signer", "policy/policy.yaml", "--threshold", "1")[0] == 2
    code, _, err = fleet("root", "--signer", "ada.pub", "--signer", "ada.pub", "--threshold", "2")
    assert (code, "2 of 1 different keys" in err) == (2, True)
