from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_going_back_is_a_new_number_that_people_sign(fleet):  # noqa: F811
    fleet.trusted()
    for _ in range(2):
        fleet.published("--ring", "100:0")
    said = fleet.well("roll-back", "1", "--reason", "policy 2 denies too much")
    assert "policy 3 says what policy 1 said" in said
    fleet.signed("policy-3.sign.json")
    fleet.well("publish", "policy-3.sign.json", "--ring", "100:0")
    assert "policy 3   published  balanced 1, enforce, policy 1 again" in fleet.well("status")
    assert fleet("roll-back", "9", "--reason", "there is none")[0] == 2
