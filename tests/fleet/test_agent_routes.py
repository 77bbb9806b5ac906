from weighbridge.fleet.permissions import Permission, Role


def test_an_empty_fleet_has_no_agents_and_a_wrong_query_is_explained(served):
    header = served.token(served.account("ada", Role.VIEWER), Permission.FLEET_READ)
    answer = served.client().get("/api/v1/agents", headers=header)
    assert (answer.status_code, answer.json()["rows"], answer.json()["total"]) == (200, [], 0)
    wrong = served.client().get("/api/v1/agents", params={"q": "nmae:x"}, headers=header)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "E-query")
