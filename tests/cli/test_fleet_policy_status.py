import json

from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_an_empty_fleet_says_what_comes_first(fleet):  # noqa: F811
    assert "nobody yet: wb fleet policy root" in fleet.well("status")


def test_how_far_a_policy_is(fleet):  # noqa: F811
    fleet.trusted()
    fleet.published()
    said = fleet.well("status")
    assert "signers    root 1: 2 of 2" in said
    assert "policy 1   published  balanced 1, enforce" in said
    assert "roll-out   policy 1 rolling" in said
    assert "  ✓ 5 %    0 of 0 endpoints" in said
    document = json.loads(fleet("status", "--format", "json")[1])
    assert (document["in_force"], document["rollout"]["state"]) == (1, "rolling")
