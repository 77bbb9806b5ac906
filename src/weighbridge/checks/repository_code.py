"""Python that comes with a model and runs when the model is loaded.

What it finds: code named by a configuration, or lying under a name that loaders know (`handler.py`, `hubconf.py`,
`custom_generate/generate.py`, `modeling_*.py`). Any such code is for a person to accept. Code that starts programs,
makes code out of data, opens sockets when it is imported, or hides what it calls is malicious.

Why it matters: `trust_remote_code=True` runs it with all rights of the user, on every machine that loads the model.

Example: `class M: def __init__(self): subprocess.run([...])` in `modeling_x.py`, named by `auto_map`.

What to do: read it. If it only computes, approve it together with the weights and pin the revision. If it does more,
do not load the model and report it to where it came from.

Known misses: what a library that it imports does; harm done with plain file access inside a function.
"""

from collections.abc import Iterator

from weighbridge.checks.check import Check, Subject
from weighbridge.checks.code_words import (
    CHANGES,
    DECODING,
    DYNAMIC,
    LOADING,
    NETWORK,
    PROCESS,
    SECRETS,
    UNPICKLING,
    does,
)
from weighbridge.model.finding import Assessment, Confidence, Evidence, Finding, Severity
from weighbridge.model.observation import PythonProgram

INNER = ("__subclasses__", "__globals__", "__builtins__")
HIDING = frozenset({"__builtins__", "builtins", "ctypes", "importlib", "os", "posix", "socket", "subprocess", "sys"})
"""Modules whose members nobody looks up by a name that is known only at run time."""
REACHED = frozenset(
    {"builtins", "ctypes", "importlib", "marshal", "nt", "os", "posix", "pty", "runpy", "subprocess", "sys"}
)
"""Modules that libraries import for themselves, so that they can be reached as attributes of the library."""
WRITING = frozenset({"open(write)", "write_bytes", "write_text"})
"""Methods and calls, as `PythonProgram` has them, that write a file."""
FETCHING = ("torch.hub.load", "torch.hub.load_state_dict_from_url", "torch.hub.download_url_to_file")
ACTING = frozenset({"Popen", "check_output", "eval", "exec", "popen", "spawn", "system"})


def judge(program: PythonProgram, subject: Subject) -> Iterator[Finding]:
    """Yield one finding: malicious, or review because it is code."""
    malicious = _malicious(program)
    if program.error is not None:
        yield _finding(
            program,
            subject,
            Assessment.INCOMPLETE,
            Severity.MEDIUM,
            f"{subject.name} comes with the model and could not be parsed: {program.error[:160]}",
            program.error,
        )
    elif malicious is not None:
        reason, name = malicious
        yield _finding(
            program,
            subject,
            Assessment.MALICIOUS,
            Severity.CRITICAL,
            f"{subject.name} comes with the model and {reason}: {name[:120]}",
            name,
        )
    else:
        notable = _notable(program)
        severity = Severity.HIGH if notable else Severity.MEDIUM
        more = f", and it uses {', '.join(notable[:4])}" if notable else ""
        yield _finding(
            program,
            subject,
            Assessment.REVIEW,
            severity,
            f"{subject.name} is code that runs when the model is loaded{more[:160]}",
            ", ".join(notable[:6]),
        )


def _malicious(program: PythonProgram) -> tuple[str, str] | None:
    imported = frozenset(module.lstrip(".").partition(".")[0] for module in program.imports)
    hidden = any(name.startswith("<computed>") for name in program.calls)
    for name in program.calls:
        root, _, rest = name.partition(".")
        if root in imported and _through(rest, imported):
            return "reaches a system module through a library", name
        if does(name, PROCESS, imported):
            return "starts or controls other programs", name
        if does(name, DYNAMIC, imported) or (name.endswith("__import__") and hidden):
            return "makes code out of data or reaches raw memory", name
        if any(part in name for part in INNER):
            return "reaches inside the interpreter", name
        if (root in HIDING and "<computed>" in rest) or (root == "<computed>" and ACTING.intersection(rest.split("."))):
            return "calls something whose name it hides", name
    for name in program.top_level_calls:
        if does(name, NETWORK, imported):
            return "talks to other machines when it is imported", name
        if does(name, UNPICKLING, imported):
            return "runs a pickle when it is imported", name
        if does(name, CHANGES, imported) or name.rpartition(".")[2] in WRITING:
            return "changes files when it is imported", name
        if does(name, FETCHING, imported):
            return "fetches and runs code of others when it is imported", name
    reaching = (*UNPICKLING, *NETWORK)
    if program.strings and any(does(name, DECODING, imported) for name in program.calls):
        for name in program.calls:
            if does(name, reaching, imported):
                return "carries an encoded payload and uses it", name
    return None


def _through(rest: str, imported: frozenset[str]) -> bool:
    """Tell whether the dotted `rest` goes on from a library to what a system module does: `f2py.os.system`."""
    steps = rest.split(".")
    return any(
        step in REACHED and does(".".join(steps[index:]), (*PROCESS, *DYNAMIC, "importlib.import_module"), imported)
        for index, step in enumerate(steps[:-1])
    )


def _notable(program: PythonProgram) -> list[str]:
    imported = frozenset(module.lstrip(".").partition(".")[0] for module in program.imports)
    words = (*LOADING, *NETWORK, *CHANGES, *SECRETS, *DECODING)
    notable = [name for name in program.calls if does(name, words, imported) or name == "<computed>"]
    return [*notable, *("an encoded text" for _ in program.strings[:1])]


def _finding(
    program: PythonProgram, subject: Subject, implies: Assessment, severity: Severity, message: str, value: str
) -> Finding:
    return Finding(
        check=CHECK.id,
        severity=severity,
        confidence=Confidence.HIGH if implies is Assessment.MALICIOUS else Confidence.MEDIUM,
        message=message + ".",
        remedy=(
            "Do not load the model; report it to where it came from."
            if implies is Assessment.MALICIOUS
            else "Read this file, pin its revision, and approve it together with the weights."
        ),
        implies=implies,
        evidence=Evidence(offset=program.offset, member=program.member, key=program.key, value=value[:200] or None),
        atlas=CHECK.atlas,
    )


CHECK = Check(
    id="repository-code",
    title="Code that comes with a model",
    wants=(PythonProgram,),
    judge=judge,
    atlas="AML.T0011.000",
)
