import json

from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_an_empty_fleet_has_nothing_to_weigh(fleet):  # noqa: F811
    fleet.trusted()
    fleet.published()
    said = fleet.well("replay", "1", "--days", "7")
    assert "policy 1 → policy 1, within 7 days" in said
    assert "Newly denied or held: 0 things, 0 models, 0 endpoints" in said
    document = json.loads(fleet("replay", "1", "--format", "json")[1])
    assert (document["things"], document["newly_allowed"]["things"]) == (0, 0)
    assert fleet("replay", "9")[0] == 2
