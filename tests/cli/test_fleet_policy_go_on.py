from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_a_halted_roll_out_goes_on(fleet):  # noqa: F811
    fleet.trusted()
    fleet.published()
    assert fleet("go-on", "--reason", "it was not halted")[0] == 2
    fleet.well("halt", "--reason", "wait")
    assert "policy 1 is going on" in fleet.well("go-on", "--reason", "all well")
    assert "policy 1 rolling" in fleet.well("status")
