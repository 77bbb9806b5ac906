"""Evasions: functions that run something and that no list of bad names is likely to hold."""

from tests.samples.case import HARD, Case
from tests.samples.pickle_assembly import Raw, call, name, of_result, stack_name, stream

_CODE = "__import__('os').system('true')"
_ARGV = ["true"]
_BYTES = b"cos\nsystem\n(S'true'\ntR."

_CALLS: dict[str, tuple[bytes, bool]] = {
    "builtins-eval": (call("builtins", "eval", _CODE), True),
    "builtins-exec": (call("builtins", "exec", _CODE), True),
    "builtins-compile": (call("builtins", "compile", _CODE, "x", "exec"), False),
    "builtins-import": (call("builtins", "__import__", "antigravity"), True),
    "builtins-getattr": (of_result(call("builtins", "getattr", Raw(name("os", "path")), "join"), "a", "b"), False),
    "builtins-map": (
        of_result(name("builtins", "list"), Raw(call("builtins", "map", Raw(name("os", "system")), _ARGV))),
        True,
    ),
    "builtins-open": (call("builtins", "open", "/nowhere/marker", "w"), True),
    "builtins-breakpoint": (call("builtins", "breakpoint"), False),
    "builtins-print": (call("builtins", "print", "x"), False),
    "posix-system": (call("posix", "system", "true"), True),
    "os-popen": (call("os", "popen", "true"), True),
    "os-remove": (call("os", "remove", "/nowhere/marker"), True),
    "os-execvp": (call("os", "execvp", "true", _ARGV), True),
    "os-fork": (call("os", "fork"), True),
    "os-kill": (call("os", "kill", 0, 0), True),
    "subprocess-run": (call("subprocess", "run", _ARGV), True),
    "subprocess-getoutput": (call("subprocess", "getoutput", "true"), True),
    "subprocess-popen": (call("subprocess", "Popen", _ARGV), True),
    "pty-spawn": (call("pty", "spawn", "true"), True),
    "runpy-run-path": (call("runpy", "run_path", "/nowhere/x.py"), True),
    "runpy-run-module": (call("runpy", "_run_code", _CODE, {}), False),
    "timeit-timeit": (call("timeit", "timeit", _CODE, "pass"), True),
    "cprofile-run": (call("cProfile", "run", _CODE), True),
    "profile-run": (call("profile", "run", _CODE), True),
    "trace-run": (of_result(stack_name("trace", "Trace.run"), Raw(call("trace", "Trace", 0, 0)), _CODE), True),
    "bdb-run": (of_result(stack_name("bdb", "Bdb.run"), Raw(call("bdb", "Bdb")), _CODE), True),
    "pdb-run": (call("pdb", "run", _CODE), True),
    "code-interact": (
        of_result(
            stack_name("code", "InteractiveInterpreter.runcode"), Raw(call("code", "InteractiveInterpreter")), _CODE
        ),
        True,
    ),
    "codeop-compile": (call("codeop", "compile_command", "1"), False),
    "doctest-script": (call("doctest", "debug_script", ">>> 1"), False),
    "pydoc-pipepager": (call("pydoc", "pipepager", "x", "true"), True),
    "pydoc-tempfilepager": (call("pydoc", "tempfilepager", "x", "true"), True),
    "pydoc-locate": (call("pydoc", "locate", "os.system"), False),
    "pkgutil-resolve": (of_result(call("pkgutil", "resolve_name", "os:system"), "true"), True),
    "importlib-import": (call("importlib", "import_module", "antigravity"), False),
    "importlib-loader": (
        of_result(
            stack_name("importlib._bootstrap_external", "SourceFileLoader.load_module"),
            Raw(call("importlib.machinery", "SourceFileLoader", "x", "/nowhere/x.py")),
        ),
        True,
    ),
    "operator-attrgetter": (of_result(call("operator", "attrgetter", "system"), Raw(name("os", "path"))), False),
    "operator-methodcaller": (of_result(call("operator", "methodcaller", "lower"), "X"), False),
    "functools-partial": (
        of_result(
            call("functools", "partial", Raw(name("os", "system")), "true"),
        ),
        True,
    ),
    "functools-reduce": (call("functools", "reduce", Raw(name("os", "getenv")), ["A", "B", "C"]), False),
    "itertools-starmap": (
        of_result(name("builtins", "tuple"), Raw(call("itertools", "starmap", Raw(name("os", "system")), [("true",)]))),
        True,
    ),
    "types-function": (
        of_result(call("types", "FunctionType", Raw(call("builtins", "compile", _CODE, "x", "exec")), {})),
        True,
    ),
    "inspect-getattr-static": (call("inspect", "getattr_static", Raw(name("os", "path")), "join"), False),
    "typing-get-type-hints": (
        of_result(
            stack_name("typing", "ForwardRef._evaluate"),
            Raw(call("typing", "ForwardRef", "1 + 1")),
            {},
            {},
            Raw(call("builtins", "frozenset")),
        ),
        True,
    ),
    "pickle-loads": (call("pickle", "loads", _BYTES), True),
    "pickle-c-loads": (call("_pickle", "loads", _BYTES), True),
    "marshal-loads": (call("marshal", "loads", b"N"), False),
    "shelve-open": (call("shelve", "open", "/nowhere/x"), True),
    "multiprocessing-spawn": (call("multiprocessing.util", "spawnv_passfds", b"/bin/true", [b"true"], []), False),
    "asyncio-subprocess": (call("asyncio.unix_events", "_UnixSubprocessTransport"), False),
    "ctypes-cdll": (call("ctypes", "CDLL", None), True),
    "ctypes-util": (call("ctypes.util", "_findLib_gcc", "x"), False),
    "platform-popen": (call("platform", "_syscmd_file", "/bin/true"), True),
    "uuid-getnode": (call("uuid", "_get_command_stdout", "true"), True),
    "webbrowser-open": (call("webbrowser", "open", "about:blank"), False),
    "socket-connect": (call("socket", "create_connection", ("127.0.0.1", 9)), True),
    "urllib-open": (call("urllib.request", "urlopen", "file:///nowhere"), True),
    "http-client": (
        of_result(
            stack_name("http.client", "HTTPConnection.connect"),
            Raw(call("http.client", "HTTPConnection", "127.0.0.1", 9)),
        ),
        True,
    ),
    "ftplib-connect": (call("ftplib", "FTP", "127.0.0.1"), True),
    "smtplib-connect": (call("smtplib", "SMTP", "127.0.0.1", 9), True),
    "imaplib-stream": (call("imaplib", "IMAP4_stream", "true"), True),
    "sqlite-connect": (call("sqlite3", "connect", "/nowhere/x"), True),
    "shutil-rmtree": (call("shutil", "rmtree", "/nowhere/x"), True),
    "shutil-copy": (call("shutil", "copyfile", "/nowhere/a", "/nowhere/b"), True),
    "tempfile-file": (call("tempfile", "NamedTemporaryFile"), True),
    "pathlib-write": (
        of_result(stack_name("pathlib", "Path.write_text"), Raw(call("pathlib", "Path", "/nowhere/x")), "x"),
        True,
    ),
    "logging-handler": (call("logging", "FileHandler", "/nowhere/x"), True),
    "logging-config": (call("logging.config", "_resolve", "os.system"), False),
    "io-fileio": (call("io", "FileIO", "/nowhere/x", "w"), True),
    "zipfile-write": (call("zipfile", "ZipFile", "/nowhere/x", "w"), True),
    "tarfile-open": (of_result(stack_name("tarfile", "TarFile.open"), "/nowhere/x", "w"), True),
    "linecache-read": (call("linecache", "getline", "/etc/passwd", 1), True),
    "fileinput-read": (of_result(stack_name("builtins", "list"), Raw(call("fileinput", "input", "/etc/passwd"))), True),
    "glob-list": (call("glob", "glob", "/*"), False),
    "signal-alarm": (call("signal", "raise_signal", 0), False),
    "sys-exit": (call("sys", "exit", 3), False),
    "gc-objects": (call("gc", "get_objects"), False),
    "ensurepip": (call("ensurepip", "_run_pip", ["--version"]), False),
    "distutils-spawn": (call("distutils.spawn", "spawn", ["true"]), False),
    "idlelib-execute": (call("idlelib.autocomplete", "AutoComplete"), False),
    "lib2to3-grammar": (
        of_result(
            stack_name("lib2to3.pgen2.grammar", "Grammar.loads"), Raw(call("lib2to3.pgen2.grammar", "Grammar")), _BYTES
        ),
        False,
    ),
    "python2-commands": (call("commands", "getoutput", "true"), False),
    "pip-main": (call("pip", "main", ["--version"]), False),
    "pip-internal": (call("pip._internal", "main", ["--version"]), False),
    "numpy-runstring": (call("numpy.testing._private.utils", "runstring", _CODE, {}), True),
    "numpy-f2py": (call("numpy.f2py.capi_maps", "getinit", {}, {}), False),
    "numpy-load": (call("numpy", "load", "/nowhere/x.npy"), True),
    "numpy-fromfile": (call("numpy", "fromfile", "/etc/passwd"), False),
    "numpy-save": (call("numpy", "savetxt", "/nowhere/x", [1]), True),
    "joblib-load": (call("joblib", "load", "/nowhere/x"), True),
    "torch-load": (call("torch", "load", "/nowhere/x"), False),
    "torch-hub": (call("torch.hub", "load", "a/b", "c"), False),
    "torch-collect-env": (call("torch.utils.collect_env", "run", "true"), False),
    "torch-cpp-extension": (call("torch.utils.cpp_extension", "load_inline", "x", "int f();"), False),
    "torch-load-bytes": (call("torch.storage", "_load_from_bytes", _BYTES), False),
    "torch-graph-module": (call("torch.fx.graph_module", "_forward_from_src", "def forward(self): pass", {}), False),
    "sklearn-version": (call("sklearn.utils._testing", "assert_run_python_script_without_output", _CODE), False),
    "dill-loads": (call("dill", "loads", _BYTES), False),
    "cloudpickle-subimport": (call("cloudpickle.cloudpickle", "subimport", "antigravity"), False),
    "ipython-system": (call("IPython.utils.process", "system", "true"), False),
    "pandas-eval": (call("pandas", "eval", "1"), False),
    "pandas-query-unpickle": (call("pandas.io.pickle", "read_pickle", "/nowhere/x"), False),
    "yaml-load": (call("yaml", "unsafe_load", "1"), False),
    "own-function": (call("some_package.helpers", "run_it", "true"), False),
}
_REQUIRES = {"numpy": "numpy-", "joblib": "joblib-"}


def _case(identity: str, body: bytes, fires: bool) -> Case:
    soft = frozenset({"malicious", "hostile", "review"})
    return Case(
        id=f"pickle-gadgets/{identity}",
        build=lambda: {"weights.bin": stream(body)},
        subject="weights.bin",
        expect=HARD if fires or identity not in _SOFT else soft,
        fires=next((lib for lib, start in _REQUIRES.items() if identity.startswith(start)), "pickle")
        if fires
        else None,
        lesson="unlisted names: every function outside a short list counts",
    )


_SOFT = frozenset({"cloudpickle-subimport"})
EVASIONS = tuple(_case(identity, body, fires) for identity, (body, fires) in _CALLS.items())
