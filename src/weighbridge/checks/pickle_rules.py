"""What the calls, states and changes in a pickle amount to: operand rules for every name that may be called.

Each function returns None if nothing is wrong, else the assessment and the reason. An import that is forbidden as such
is judged where it stands (`unsafe-import`); the rules here judge what is done with admitted ones.
"""

from typing import NamedTuple

from weighbridge.checks.pickle_amplification import amplification
from weighbridge.checks.pickle_helpers import changes_module, misuse, reads_elsewhere
from weighbridge.checks.pickle_tiers import (
    Tier,
    is_class_name,
    is_rebuilder_name,
    is_torchscript_module,
    makes_code,
    role,
    tier,
)
from weighbridge.model.finding import Assessment
from weighbridge.model.pickle_program import Kind, Operand, PickleCall, PickleMutation, PickleState


class Objection(NamedTuple):
    """What is wrong with an operation."""

    implies: Assessment
    reason: str


_CALLABLE_UNKNOWN = frozenset({Kind.RESULT, Kind.OPAQUE, Kind.PERSISTENT, Kind.BUFFER})
_ENCODINGS = frozenset({"latin1", "latin-1", "iso-8859-1", "utf-8", "utf8", "ascii"})
_METHODS = frozenset({("zoneinfo", "ZoneInfo", "_unpickle")})
"""Class methods that picklers reach by name and call: module, class, method."""
_PLAIN_TYPES = (["CodeType"], ["slice"], ["MethodType"], ["PartialType"])
"""Types that dill and cloudpickle name by a text; making an instance of one runs nothing."""
_FILLABLE = frozenset({"OrderedDict", "defaultdict", "Counter", "deque"})


def named(operand: Operand) -> str:
    """Return how an operand is shown to a person."""
    if operand.module or operand.name:
        return f"{operand.module}.{operand.name}"
    return str(operand.kind)


def object_to_call(call: PickleCall) -> Objection | None:
    """Judge one call or making of an instance."""
    callee = call.callee
    if callee.kind is Kind.IMPORT:
        return _object_to_import_call(call, callee)
    if callee.kind in _CALLABLE_UNKNOWN:
        return _object_to_computed_call(call, callee)
    return Objection(Assessment.HOSTILE, f"calls a {callee.kind}, which no loader can")


def _object_to_computed_call(call: PickleCall, callee: Operand) -> Objection | None:
    if callee.kind is Kind.RESULT and call.how == "new" and _is_nested_class(callee):
        return None
    if callee.kind is Kind.RESULT and call.how == "call" and _is_known_method(callee):
        return None
    code_type = callee.name in ("_builtin_type", "_load_type") and makes_code(callee.module, callee.name)
    if callee.kind is Kind.RESULT and code_type and _texts(callee) in _PLAIN_TYPES:
        return None
    if callee.kind is Kind.RESULT and (callee.module or callee.name):
        return Objection(Assessment.MALICIOUS, f"calls what {named(callee)} returned")
    return Objection(Assessment.MALICIOUS, "calls something that is only known when the file is loaded")


def _object_to_import_call(call: PickleCall, callee: Operand) -> Objection | None:
    of_callee = tier(callee.module, callee.name)
    if of_callee is Tier.FORBIDDEN:
        return None  # unsafe-import says so
    if reason := misuse(call):
        return Objection(Assessment.MALICIOUS, reason)
    if reason := amplification(call):
        return Objection(Assessment.HOSTILE, reason)
    duty = role(callee.module, callee.name)
    if of_callee in (Tier.DATA, Tier.ACCEPTED):
        if duty == "constant" and call.how == "call":
            return Objection(Assessment.MALICIOUS, f"calls {named(callee)}, which is only a value")
        return _object_to_operands(duty, call)
    if of_callee is Tier.CODE or call.how == "new":
        return None
    if is_class_name(callee.name) or is_rebuilder_name(callee.name):
        return None
    if callee.module in ("__main__", "__mp_main__") or is_torchscript_module(callee.module):
        return None
    return Objection(Assessment.MALICIOUS, f"calls {named(callee)}, which is a function and no class")


def _object_to_operands(duty: str, call: PickleCall) -> Objection | None:
    name = named(call.callee)
    operands = call.operands
    if operands.kind is not Kind.TUPLE:
        return Objection(
            Assessment.MALICIOUS, f"calls {name} with operands that are only known when the file is loaded"
        )
    if duty == "encode":
        encoding = operands.items[1] if len(operands.items) > 1 else Operand(Kind.STR, "utf-8")
        known = encoding.kind is Kind.STR and str(encoding.value).lower() in _ENCODINGS
        return None if known else Objection(Assessment.MALICIOUS, f"calls {name} with another codec than text ones")
    if duty == "sized":
        large = any(item.kind in (Kind.LARGE_INT, Kind.RESULT) and item.name != "encode" for item in operands.items[:1])
        if large and not (operands.items[0].kind is Kind.RESULT and operands.items[0].name != "range"):
            return Objection(Assessment.HOSTILE, f"asks {name} for more memory than the file could fill")
        return None
    if duty in ("caller", "reconstructor"):
        return _object_to_callbacks(duty, call, name)
    if duty == "nested":
        return _object_to_getattr(call)
    if duty == "subscript":
        return _object_to_subscript(call, name)
    return None


def _object_to_subscript(call: PickleCall, name: str) -> Objection | None:
    """Judge `getitem(typing.List, int)`, as Python before 3.14 writes type hints."""
    items = call.operands.items
    if len(items) == 2 and items[0].kind is Kind.IMPORT and items[0].module == "typing":
        return None  # both are judged where they are imported or made
    return Objection(Assessment.MALICIOUS, f"has {name} reach into something else than a type hint")


def _object_to_callbacks(duty: str, call: PickleCall, name: str) -> Objection | None:
    """Judge operands that will be called or initialized: each must be data or a class."""
    deferred = call.callee.name == "defaultdict"
    for item in () if duty == "reconstructor" else call.operands.items:
        if item.kind is Kind.IMPORT:
            of_item = tier(item.module, item.name)
            if of_item in (Tier.ACCEPTED, Tier.CODE) or (
                of_item is Tier.UNKNOWN and not is_class_name(item.name) and not is_torchscript_module(item.module)
            ):
                return Objection(Assessment.MALICIOUS, f"has {name} call {named(item)}")
        elif item.kind in (Kind.OPAQUE, Kind.PERSISTENT):
            return Objection(Assessment.MALICIOUS, f"has {name} call something only known when the file is loaded")
        elif item.kind is Kind.RESULT and tier(item.module, item.name) not in (Tier.DATA, Tier.FRAMEWORK):
            if deferred and tier(item.module, item.name) in (Tier.CODE, Tier.ACCEPTED):
                continue
            return Objection(Assessment.MALICIOUS, f"has {name} call what {named(item)} returned")
    if duty == "reconstructor":
        roots = call.operands.items[:2]
        if len(roots) < 2 or any(item.kind is not Kind.IMPORT for item in roots):
            return Objection(Assessment.MALICIOUS, f"gives {name} something else than classes")
    return None


def _object_to_getattr(call: PickleCall) -> Objection | None:
    """Judge `getattr(class, "Inner")`, as protocols before 4 name a class in a class, or a method."""
    items = call.operands.items
    if len(items) == 2 and items[0].kind is Kind.IMPORT and items[1].kind is Kind.STR:
        owner = tier(items[0].module, items[0].name)
        name = str(items[1].value)
        if (items[0].module, items[0].name, name) in _METHODS:
            return None
        plain = name.isidentifier() and not name.startswith("_")
        if owner in (Tier.DATA, Tier.FRAMEWORK, Tier.UNKNOWN) and is_class_name(items[0].name) and plain:
            return None
    return Objection(Assessment.MALICIOUS, "reaches for an attribute of something by name")


def _texts(callee: Operand) -> list[object]:
    operands = callee.items[0] if callee.items else Operand(Kind.OPAQUE)
    return [item.value for item in operands.items]


def _is_nested_class(callee: Operand) -> bool:
    if (callee.module, callee.name) != ("builtins", "getattr"):
        return False
    texts = _texts(callee)
    return len(texts) == 2 and isinstance(texts[1], str) and is_class_name(texts[1])


def _is_known_method(callee: Operand) -> bool:
    if (callee.module, callee.name) != ("builtins", "getattr") or not callee.items:
        return False
    operands = callee.items[0].items
    return len(operands) == 2 and (operands[0].module, operands[0].name, operands[1].value) in _METHODS


def object_to_state(state: PickleState) -> Objection | None:
    """Judge BUILD."""
    target = state.target
    if target.kind is Kind.IMPORT:
        return Objection(Assessment.MALICIOUS, f"overwrites attributes of {named(target)} itself")
    if changes_module(target):
        return Objection(Assessment.MALICIOUS, f"overwrites attributes of what {named(target)} returned")
    if target.kind in (Kind.OPAQUE, Kind.PERSISTENT, Kind.BUFFER) or (
        target.kind is Kind.RESULT and target.name in ("", "getattr")
    ):
        return Objection(Assessment.MALICIOUS, "gives state to something only known when the file is loaded")
    if target.kind is not Kind.RESULT:
        return Objection(Assessment.HOSTILE, f"gives state to a {target.kind}, which no pickler does")
    if reads_elsewhere(state):
        return Objection(Assessment.MALICIOUS, "has joblib unpickle a file that is not named as one beside this file")
    return None


def object_to_mutation(mutation: PickleMutation) -> Objection | None:
    """Judge items that are put into something that is no plain container."""
    target = mutation.target
    if target.kind is Kind.IMPORT:
        return Objection(Assessment.MALICIOUS, f"changes {named(target)} itself")
    if changes_module(target):
        return Objection(Assessment.MALICIOUS, f"changes what {named(target)} returned")
    if target.kind in (Kind.OPAQUE, Kind.PERSISTENT, Kind.BUFFER) or (
        target.kind is Kind.RESULT and target.name in ("", "getattr")
    ):
        return Objection(Assessment.MALICIOUS, "changes something only known when the file is loaded")
    if target.kind is not Kind.RESULT:
        return Objection(Assessment.HOSTILE, f"puts items into a {target.kind} in a way no pickler does")
    if tier(target.module, target.name) is Tier.DATA and target.name not in _FILLABLE:
        return Objection(Assessment.HOSTILE, f"puts items into what {named(target)} returned, which no pickler does")
    return None
