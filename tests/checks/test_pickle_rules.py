"""Operand rules: what is done with admitted names."""

from weighbridge.checks.pickle_rules import named, object_to_call, object_to_mutation, object_to_state
from weighbridge.model.finding import Assessment
from weighbridge.model.pickle_program import Kind, Operand, PickleCall, PickleMutation, PickleState

NET = Operand(Kind.IMPORT, None, "project.models", "Net")


def test_named() -> None:
    assert named(NET) == "project.models.Net"
    assert named(Operand(Kind.OPAQUE)) == "opaque"


def test_unknown_operands_of_a_listed_name() -> None:
    callee = Operand(Kind.IMPORT, None, "collections", "OrderedDict")
    objection = object_to_call(PickleCall(callee=callee, how="call", operands=Operand(Kind.OPAQUE)))
    assert objection is not None
    assert objection.implies is Assessment.MALICIOUS
    assert object_to_call(PickleCall(callee=callee, how="call", operands=Operand(Kind.TUPLE))) is None


def test_reconstructor_takes_classes() -> None:
    callee = Operand(Kind.IMPORT, None, "copyreg", "_reconstructor")
    root = Operand(Kind.IMPORT, None, "builtins", "object")
    good = Operand(Kind.TUPLE, None, "", "", (NET, root, Operand(Kind.NONE)))
    bad = Operand(Kind.TUPLE, None, "", "", (Operand(Kind.OPAQUE), root, Operand(Kind.NONE)))
    assert object_to_call(PickleCall(callee=callee, how="call", operands=good)) is None
    assert object_to_call(PickleCall(callee=callee, how="call", operands=bad)) is not None


def test_state_and_items() -> None:
    state = Operand(Kind.DICT)
    instance = Operand(Kind.RESULT, None, "project.models", "Net")
    assert object_to_state(PickleState(target=instance, state=state)) is None
    assert object_to_state(PickleState(target=NET, state=state)) is not None
    assert object_to_state(PickleState(target=Operand(Kind.LIST), state=state)) is not None
    assert object_to_mutation(PickleMutation(target=instance, how="append")) is None
    assert object_to_mutation(PickleMutation(target=NET, how="append")) is not None
    assert object_to_mutation(PickleMutation(target=Operand(Kind.TUPLE), how="append")) is not None


def test_a_method_that_picklers_reach_by_name_may_be_called_and_no_other() -> None:
    def reached(module: str, owner: str, method: str) -> Operand:
        operands = Operand(
            Kind.TUPLE, None, "", "", (Operand(Kind.IMPORT, None, module, owner), Operand(Kind.STR, method))
        )
        return Operand(Kind.RESULT, None, "builtins", "getattr", (operands,))

    def objection(callee: Operand) -> object:
        return object_to_call(PickleCall(callee=callee, how="call", operands=Operand(Kind.TUPLE)))

    assert objection(reached("zoneinfo", "ZoneInfo", "_unpickle")) is None
    assert objection(reached("zoneinfo", "ZoneInfo", "_weak_cache")) is not None
    assert objection(reached("project.models", "ZoneInfo", "_unpickle")) is not None
