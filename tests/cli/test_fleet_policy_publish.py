from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_a_policy_is_published_when_enough_people_have_signed(fleet):  # noqa: F811
    fleet.trusted()
    fleet.well("upload", "policy")
    fleet.well("sign", "policy-1.sign.json", "--key", "ada")
    fleet.well("sign", "policy-1.sign.json", "--key", "eve")
    code, _, err = fleet("publish", "policy-1.sign.json")
    assert (code, "1 more person" in err) == (2, True)
    fleet.well("sign", "policy-1.sign.json", "--key", "bob")
    said = fleet.well("publish", "policy-1.sign.json", "--ring", "0:24:lab,ops", "--ring", "100:0", "--budget", "5")
    assert "policy 1 is published; first in line: group lab and group ops" in said
    assert fleet("publish", "policy-1.sign.json")[0] == 2


def test_copies_that_people_signed_apart_are_put_together(fleet):  # noqa: F811
    fleet.trusted()
    fleet.well("upload", "policy")
    (fleet.folder / "copy.json").write_bytes((fleet.folder / "policy-1.sign.json").read_bytes())
    fleet.well("sign", "policy-1.sign.json", "--key", "ada")
    fleet.well("sign", "copy.json", "--key", "bob")
    fleet.well("publish", "policy-1.sign.json", "copy.json")


def test_rings_that_are_none_are_refused_and_nothing_is_published(fleet):  # noqa: F811
    fleet.trusted()
    fleet.well("upload", "policy")
    fleet.signed("policy-1.sign.json")
    for ring in ("x", "101", "5:x", "-1", "50"):
        assert fleet("publish", "policy-1.sign.json", f"--ring={ring}")[0] == 2, ring
    assert "uploaded" in fleet.well("status")
