"""Proves that a payload truly runs when its file is loaded: the real loader, in a child that stops at the first act.

`python -m tests.samples.firing` reads a JSON list of [loader, path] on standard input and prints a JSON list
with the audit event that the payload caused, or null. Each file is loaded in a fork of its own with no
file size, few seconds, and an audit hook that ends the process at the first event that no data needs, before
the act itself takes place (PEP 578: hooks run before the audited operation).
"""

import codecs
import contextlib
import importlib.util
import json
import os
import signal
import sys
import tempfile

_ACTS = (
    "code.__new__",
    "ctypes.",
    "fcntl.",
    "ftplib.",
    "function.__new__",
    "glob.",
    "http.client.",
    "imaplib.",
    "msvcrt.",
    "os.",
    "pdb.",
    "pty.",
    "resource.",
    "shutil.",
    "signal.",
    "smtplib.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "syslog.",
    "telnetlib.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
)
_HARMLESS = {
    "glob.glob",
    "os.add_dll_directory",
    "os.fwalk",
    "os.listdir",
    "os.putenv",
    "os.scandir",
    "os.unsetenv",
    "os.walk",
}
_FIRED = 86
_MODULES = {"pickle": "pickle", "torch": "torch", "joblib": "joblib", "numpy": "numpy", "dill": "dill"}


def available(loader: str) -> bool:
    """Tell whether the libraries of `loader` are installed: of `pickle+torch`, both."""
    return all(importlib.util.find_spec(_MODULES.get(part, part)) is not None for part in loader.split("+"))


def _load(loader: str, path: str) -> None:
    loader = loader.partition("+")[0]
    if loader == "torch":
        import torch

        torch.load(path, weights_only=False)
    elif loader == "joblib":
        import joblib

        joblib.load(path)
    elif loader == "numpy":
        import numpy as np

        array = np.load(path, allow_pickle=True)
        for name in getattr(array, "files", ()):
            array[name]
    elif loader == "dill":
        import dill

        with open(path, "rb") as file:
            dill.load(file)
    else:
        import pickle

        with open(path, "rb") as file:
            pickle.load(file)


def _prepare(loader: str, folder: str) -> None:
    """Load something plain first, so that later only the payload's own acts are seen, not those of an import."""
    plain = os.path.join(folder, "plain")
    loader, _, called = loader.partition("+")
    if called:
        _prepare(called, folder)
    if loader == "torch":
        import torch

        for modern in (False, True):
            torch.save({"w": torch.nn.Parameter(torch.ones(2))}, plain, _use_new_zipfile_serialization=modern)
            _load(loader, plain)
    elif loader == "joblib":
        import joblib
        import numpy as np

        for compress in (0, 3, ("bz2", 3), ("xz", 3)):
            joblib.dump({"w": np.ones(2)}, plain, compress=compress)
            _load(loader, plain)
    elif loader == "numpy":
        import numpy as np

        np.savez(plain, w=np.array([{}], dtype=object))
        _load(loader, plain + ".npz")
    else:
        import pickle

        with open(plain, "wb") as file:
            pickle.dump({"w": 1}, file)
        _load(loader, plain)
    codecs.lookup("ascii")


def _hook(report: int, path: str):
    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if _is_act(event, arguments, path):
            os.write(report, event.encode())
            os._exit(_FIRED)

    return watch


def _is_act(event: str, arguments: tuple[object, ...], path: str) -> bool:
    if event.startswith(_ACTS):
        return event not in _HARMLESS
    if event == "exec":
        # Importing a module runs the code of its file; only a payload runs a string.
        name = str(getattr(arguments[0], "co_filename", ""))
        return not name or (name.startswith("<") and not name.startswith("<frozen"))
    if event == "open":
        name, mode = arguments[:2]
        if isinstance(mode, str) and any(letter in mode for letter in "wax+"):
            return True
        name = os.fsdecode(name) if isinstance(name, str | bytes) else path
        return not name.startswith((path, sys.prefix, sys.base_prefix, "/proc/", "/sys/", "/dev/", "/usr/", "/etc/ld"))
    return event == "import" and arguments[0] in ("this", "antigravity")


def _fire(loader: str, path: str) -> str | None:
    """Load `path` in a fork; return the event that it caused."""
    reading, report = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            signal.alarm(20)
            silence = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(silence, descriptor)
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (15, 15))
            sys.addaudithook(_hook(report, path))
            _load(loader, path)
        os._exit(0)
    os.close(report)
    event = os.read(reading, 200).decode()
    os.close(reading)
    _child, status = os.waitpid(child, 0)
    return event if os.waitstatus_to_exitcode(status) == _FIRED else None


def main() -> None:
    """Fire every file named on standard input."""
    wanted = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        for loader in {loader for loader, _path in wanted}:
            _prepare(loader, folder)
    print(json.dumps([_fire(loader, path) for loader, path in wanted]))


if __name__ == "__main__":
    main()
