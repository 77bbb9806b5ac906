from tests.cli.policy_fleet import fleet  # noqa: F401  (a fixture)


def test_people_say_who_signs_rulings(fleet):  # noqa: F811
    fleet.trusted()
    said = fleet.well("delegate")
    assert "wb fleet policy sign delegation.sign.json" in said
    assert fleet("publish", "delegation.sign.json")[0] == 2, "nobody has signed it"
    fleet.signed("delegation.sign.json")
    said = fleet.well("publish", "delegation.sign.json")
    assert "from now on sign: 2 of 2 for revocations, 2 of 2 for exceptions, 2 of 2 for catalog" in said


def test_the_server_is_named_only_where_people_say_so(fleet):  # noqa: F811
    fleet.trusted()
    said = fleet.well("delegate", "--urgent", "server")
    assert "can then forbid models, and never allow one" in said
    fleet.signed("delegation.sign.json")
    assert "one key for what is urgent" in fleet.well("publish", "delegation.sign.json")
    fleet.published()
    fleet.well("delegate", "--urgent", "nobody", "--output", "again.json")
    fleet.signed("again.json")
    assert "urgent" not in fleet.well("publish", "again.json")


def test_before_anybody_is_named(fleet):  # noqa: F811
    code, _, err = fleet("delegate")
    assert (code, "nobody was named yet who signs policies" in err) == (2, True)
