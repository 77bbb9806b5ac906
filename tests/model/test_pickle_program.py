"""Observations of pickles are values."""

from weighbridge.model.pickle_program import Kind, Operand, PickleCall


def test_equal_observations_are_equal() -> None:
    def made() -> PickleCall:
        return PickleCall(callee=Operand(Kind.IMPORT, None, "a", "B"), how="call", operands=Operand(Kind.TUPLE))

    assert made() == made()
    assert hash(made()) == hash(made())
