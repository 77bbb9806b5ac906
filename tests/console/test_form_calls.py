import pytest

from weighbridge.console.form_calls import checked, refusal
from weighbridge.fleet.account_routes import NewAccount
from weighbridge.fleet.enrollment_routes import NewEnrollmentToken
from weighbridge.model.errors import WeighbridgeError


def test_texts_of_a_form_become_what_the_api_takes():
    made = checked({"uses": "5", "days": "3", "needs_approval": True}, NewEnrollmentToken)
    assert (made.uses, made.days, made.needs_approval, made.note) == (5, 3, True, "")


@pytest.mark.parametrize("values", [{"uses": "0"}, {"uses": "x"}, {"days": "1e9"}, {"unknown": "1"}, {"group": "<"}])
def test_what_the_api_refuses_a_form_cannot_do(values):
    with pytest.raises(WeighbridgeError, match="the form is not complete"):
        checked(values, NewEnrollmentToken)


def test_a_refusal_says_what_to_do():
    with pytest.raises(WeighbridgeError) as caught:
        checked({"name": "x", "role": "king"}, NewAccount)
    assert refusal(caught.value).text.endswith("— correct it and send it again")
