"""Logins by code under /api/v1: a session decides, never a token, and nobody guesses for long."""

from tests.fleet.serving import Running
from tests.hub.test_hf_login import begin
from tests.hub.test_hub_token_routes import session

from weighbridge.fleet.permissions import Permission, Role


def test_a_token_lets_nothing_in(served: Running):
    code = begin(served)["user_code"]
    header = served.token(served.account("ada", Role.ADMINISTRATOR), Permission.MODELS_READ)
    assert served.client().get(f"/api/v1/device-logins/{code}", headers=header).status_code == 404
    answer = served.client().post(f"/api/v1/device-logins/{code}", headers=header, json={"decision": "allow"})
    assert (answer.status_code, answer.json()["code"]) == (403, "E-not-allowed")


def test_codes_cannot_be_guessed_for_long(served: Running):
    client = session(served, "ada")
    answers = [client.get(f"/api/v1/device-logins/BBBB-{number:04}").status_code for number in range(125)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_what_is_no_decision_is_refused(served: Running):
    client, code = session(served, "ada"), begin(served)["user_code"]
    for body in ({}, {"decision": "maybe"}, {"decision": "allow", "right": "all"}):
        assert client.post(f"/api/v1/device-logins/{code}", json=body).status_code == 400
