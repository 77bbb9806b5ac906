"""Evasions: names on the list that are not what they seem, or are used against the loader."""

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.pickle_assembly import Raw, call, name, of_result, stack_name, stream, text, value

_SYSTEM = Raw(name("os", "system"))
_RUNSTRING = Raw(name("numpy.testing._private.utils", "runstring"))
_RUN = Raw(name("some_package.helpers", "run_it"))


def _tampered(target: bytes, attribute: str, with_what: bytes) -> bytes:
    """BUILD with slot state: sets one attribute of `target`."""
    return target + b"N}" + text(attribute) + with_what + b"s\x86b"


_BODIES: dict[str, tuple[bytes, str | None]] = {
    "dotted-name": (stack_name("collections", "OrderedDict.__init__.__globals__") + b"0N", None),
    "dotted-to-system": (of_result(stack_name("torch.serialization", "os.system"), "true"), None),
    "dotted-in-standard-library": (of_result(stack_name("uuid", "os.system"), "true"), "pickle"),
    "dotted-in-listed-module": (of_result(stack_name("datetime", "sys.modules"), "true"), None),
    "dotted-class-attribute": (stack_name("collections", "OrderedDict.fromkeys") + value(("ab",)) + b"R", None),
    "dunder-builtins": (of_result(call("builtins", "getattr", Raw(name("collections", "__builtins__")), "x"), 1), None),
    "dunder-dict-changed": (
        name("collections", "__dict__") + text("OrderedDict") + name("os", "system") + b"s0N",
        None,
    ),
    "listed-name-replaced": (
        name("collections", "__dict__")
        + text("OrderedDict")
        + name("os", "system")
        + b"s0"
        + of_result(name("collections", "OrderedDict"), "true"),
        "pickle",
    ),
    "listed-module-attribute-by-setitem": (
        name("sys", "modules") + text("collections") + name("os", "path") + b"s0N",
        None,
    ),
    "class-attribute-by-slots": (_tampered(name("collections", "Counter"), "update", name("os", "system")), None),
    "class-state-by-dict": (name("fractions", "Fraction") + value({"__doc__": "x"}) + b"b", None),
    "append-to-import": (name("sys", "path") + text("/nowhere") + b"a", None),
    "extend-import": (name("sys", "path") + b"(" + text("/nowhere") + b"e", None),
    "items-into-unknown": (text("id") + b"Q" + text("k") + b"Ns", None),
    "python-two-name": (call("__builtin__", "eval", "__import__('os').system('true')"), None),
    "python-two-module": (call("commands", "getoutput", "true"), None),
    "python-two-copy-reg": (call("copy_reg", "_reconstructor", _SYSTEM, Raw(name("builtins", "object")), None), None),
    "defaultdict-of-system": (call("collections", "defaultdict", _SYSTEM), None),
    "reconstructor-with-init": (
        call("copyreg", "_reconstructor", Raw(name("subprocess", "Popen")), Raw(name("subprocess", "Popen")), ["true"]),
        None,
    ),
    "rebuild-from-type-calls": (
        call("torch._tensor", "_rebuild_from_type_v2", _SYSTEM, Raw(name("torch", "Tensor")), ("true",), None),
        "torch",
    ),
    "rebuild-from-type-calls-a-library": (
        call("torch._tensor", "_rebuild_from_type_v2", _RUN, Raw(name("torch", "Tensor")), ("true",), None),
        None,
    ),
    "rebuild-from-type-calls-numpy": (
        call("torch._tensor", "_rebuild_from_type_v2", _RUNSTRING, Raw(name("torch", "Tensor")), ("1", {}), None),
        None,
    ),
    "generator-constructor-calls": (call("numpy.random._pickle", "__generator_ctor", "true", _SYSTEM), "numpy"),
    "generator-constructor-calls-a-library": (call("numpy.random._pickle", "__generator_ctor", "true", _RUN), None),
    "random-state-constructor-calls": (call("numpy.random._pickle", "__randomstate_ctor", "true", _SYSTEM), "numpy"),
    "partial-as-callee": (of_result(call("functools", "partial", _SYSTEM), "true"), "pickle"),
    "partial-of-a-library": (of_result(call("functools", "partial", _RUN), "true"), None),
    "result-of-data-called": (of_result(call("collections", "OrderedDict"), "x"), None),
    "result-of-class-called": (of_result(call("some_package.models", "Net"), "x"), None),
    "dtype-called": (call("torch", "float32", "x"), None),
    "getattr-of-class": (
        of_result(call("builtins", "getattr", Raw(name("collections", "OrderedDict")), "fromkeys"), "ab"),
        None,
    ),
    "getattr-dunder": (call("builtins", "getattr", Raw(name("collections", "OrderedDict")), "__init__"), None),
    "getattr-of-result": (call("builtins", "getattr", Raw(call("collections", "OrderedDict")), "update"), None),
    "codec-that-computes": (call("_codecs", "encode", "x", "rot13"), None),
    "codec-that-imports": (call("_codecs", "encode", "x", "some_module"), None),
    "bytearray-of-any-size": (call("builtins", "bytearray", 1 << 34), None),
    "list-of-range": (call("builtins", "list", Raw(call("builtins", "range", 1 << 40))), None),
    "set-of-map": (call("builtins", "set", Raw(call("builtins", "map", _SYSTEM, ["true"]))), "pickle"),
    "ordered-dict-of-zip": (
        call(
            "collections",
            "OrderedDict",
            Raw(call("builtins", "zip", Raw(call("builtins", "map", _SYSTEM, ["true"])), [1])),
        ),
        "pickle",
    ),
    "counter-of-filter": (
        call("collections", "Counter", Raw(call("builtins", "filter", _SYSTEM, ["true"]))),
        "pickle",
    ),
    "deque-of-starmap": (
        call("collections", "deque", Raw(call("itertools", "starmap", _SYSTEM, [("true",)]))),
        "pickle",
    ),
    "enumerate-of-callable-iterator": (
        call("builtins", "tuple", Raw(call("builtins", "iter", Raw(name("os", "getcwd")), "/"))),
        None,
    ),
    "name-with-space": (stack_name("os ", "system") + value(("true",)) + b"R", None),
    "name-with-homoglyph": (stack_name("\uff4f\uff53", "system") + value(("true",)) + b"R", None),
    "empty-name": (stack_name("os", "") + b"0N", None),
    "empty-module": (stack_name("", "system") + b"0N", None),
    "private-submodule": (call("numpy._core._internal", "_ctypes", 1), None),
    "class-of-installer": (call("setuptools.command.build_py", "Command", 1), None),
    "class-of-shell": (call("IPython.terminal.embed", "InteractiveShellEmbed"), None),
    "class-of-testing": (call("numpy.testing", "Tester"), None),
    "class-like-function": (call("os", "_Environ", "x"), None),
    "own-class": (call("research_project.model", "Net", 3), None),
    "own-class-by-build": (name("research_project.model", "Net") + b")\x81}b", None),
}
_REVIEWED = frozenset({"own-class", "own-class-by-build"})


def _case(identity: str, body: bytes, loader: str | None) -> Case:
    return Case(
        id=f"pickle-names/{identity}",
        build=lambda: {"model.bin": stream(body)},
        subject="model.bin",
        expect=NOT_CLEAN if identity in _REVIEWED else HARD,
        fires=loader if loader in (None, "pickle") else f"pickle+{loader}",
        lesson="exact names are not enough: how a name is reached and used decides",
    )


EVASIONS = tuple(_case(identity, body, loader) for identity, (body, loader) in _BODIES.items())
