"""Names in Python source by what they do, for the judgement of code beside models.

Sources: Python library reference (subprocess, os, ctypes, socket, importlib, marshal, types); the names are dotted as
`weighbridge.formats.python_child` resolves them, and a prefix covers everything below it.
"""

PROCESS = (
    "os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "os.startfile", "os.dup2", "os.kill",
    "os.setuid", "posix.", "nt.", "subprocess", "_posixsubprocess", "commands.", "popen2.", "pty.", "pexpect.",
    "asyncio.create_subprocess", "asyncio.subprocess", "multiprocessing.popen", "platform.popen", "distutils.spawn",
    "webbrowser.", "code.interact", "code.Interactive", "pdb.", "bdb.", "sh.", "plumbum.", "invoke.", "fabric.",
    "paramiko.", "pip.", "ensurepip.", "venv.", "timeit.timeit", "timeit.repeat",
    "cProfile.run", "profile.run", "trace.Trace", "winreg.", "_winapi.", "msvcrt.", "crontab.", "pyautogui.", "pynput.",
)  # fmt: skip
"""Starts or controls other programs."""

DYNAMIC = (
    "eval", "exec", "compile", "builtins.eval", "builtins.exec", "builtins.compile", "__builtins__", "runpy.",
    "marshal.", "types.CodeType", "importlib.util.spec_from", "importlib.util.module_from_spec",
    "importlib.machinery", "imp.", "zipimport.", "codeop.", "code.", "sys.settrace", "sys.setprofile", "sys.meta_path",
    "sys.path_hooks", "ctypes.CDLL", "ctypes.PyDLL", "ctypes.WinDLL", "ctypes.OleDLL", "ctypes.cdll", "ctypes.windll",
    "ctypes.pydll", "ctypes.oledll", "ctypes.pythonapi", "ctypes.CFUNCTYPE", "ctypes.PYFUNCTYPE", "ctypes.memmove",
    "ctypes.string_at", "ctypes.cast", "cffi.", "_ctypes.",
    "llvmlite.",
)  # fmt: skip
"""Makes code out of data, or reaches memory."""

UNPICKLING = ("pickle.load", "pickle.Unpickler", "_pickle.", "cPickle.", "dill.", "cloudpickle.", "shelve.")
"""Runs whatever the bytes say."""

LOADING = (
    "pickle.load", "pickle.Unpickler", "_pickle.", "cPickle.", "dill.", "cloudpickle.", "joblib.load", "shelve.",
    "torch.load", "numpy.load", "pandas.read_pickle", "yaml.load", "yaml.unsafe_load", "torch.hub.load",
    "torch.ops.load_library", "torch.classes.load_library", "torch.utils.cpp_extension", "tensorflow.load_op_library",
    "keras.models.load_model", "triton.runtime.driver",
)  # fmt: skip
"""Loads objects or native code from files: as good as code if the file is not trusted."""

NETWORK = (
    "socket.", "ssl.", "urllib.request", "urllib2.", "urllib.urlopen", "urllib3.", "http.client", "http.server",
    "httplib.", "requests.", "httpx.", "aiohttp.", "ftplib.", "smtplib.", "telnetlib.", "poplib.", "imaplib.",
    "xmlrpc.", "websocket", "paramiko", "dns.", "asyncio.open_connection", "asyncio.start_server", "socketserver.",
    "pycurl.", "boto3.", "google.cloud.storage", "wget.", "ftputil.", "nntplib.", "tornado.", "twisted.", "zmq.",
)  # fmt: skip
"""Talks to other machines."""

CHANGES = (
    "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.rename", "os.replace", "os.chmod", "os.chown",
    "os.symlink", "os.link", "shutil.rmtree", "shutil.move", "shutil.copy", "shutil.make_archive",
    "shutil.unpack_archive",
)  # fmt: skip
"""Changes files."""

SECRETS = (
    "os.environ", "os.getenv", "os.putenv", "getpass.", "pwd.", "keyring.", "sqlite3.", "os.walk", "os.listdir",
    "os.scandir", "operator.methodcaller", "operator.attrgetter", "sys._getframe", "inspect.currentframe",
    "types.FunctionType",
)  # fmt: skip
"""Looks around; honest code does some of this."""

DECODING = (
    "base64.", "binascii.", "codecs.decode", "zlib.decompress", "bz2.decompress", "lzma.decompress", "gzip.decompress",
    "bytes.fromhex", "bytearray.fromhex",
)  # fmt: skip
"""Turns text into bytes."""


ALWAYS_MEANT = frozenset(
    {"__builtins__", "_posixsubprocess", "builtins", "ctypes", "importlib", "marshal", "nt", "os", "posix", "pickle"}
    | {"pty", "runpy", "socket", "subprocess", "sys", "types"}
)
"""Modules whose names no variable has by chance."""


def does(name: str, words: tuple[str, ...], imported: frozenset[str] | None = None) -> bool:
    """Tell whether the dotted `name` is one of `words` or lies below one of them.

    Args:
        name: as `PythonProgram` has it.
        words: a word that ends in a dot, or is a bare module, covers what is below; `os.exec` also covers `os.execvp`.
        imported: first parts of the modules that the program imports; another first part is a variable.
    """
    root, dot, _ = name.partition(".")
    if dot and imported is not None and root not in imported and root not in ALWAYS_MEANT:
        return False
    return any(
        name == word.rstrip(".")
        or name.startswith(word if word.endswith(".") else word + ".")
        or name.startswith(word + "(")
        or ("." in word and not word.endswith(".") and name.startswith(word))
        for word in words
    )
