from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_a_roll_out_is_halted_with_a_reason(fleet):  # noqa: F811
    assert fleet("halt", "--reason", "none yet")[0] == 2
    fleet.trusted()
    fleet.published()
    assert "policy 1 is halted" in fleet.well("halt", "--reason", "the lab complains")
    assert "halted: the lab complains" in fleet.well("status")
