from weighbridge.model.errors import WeighbridgeError


def test_an_error_carries_what_a_person_needs() -> None:
    error = WeighbridgeError("E-usage", "wrong", "do this")
    assert (error.code, str(error), error.hint, error.exit_code) == ("E-usage", "wrong", "do this", 2)
