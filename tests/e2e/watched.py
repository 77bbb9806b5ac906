"""Runs the command line under an audit hook that refuses and reports what a scan must never do.

`python watched.py STATE SCANNED MARK ARGUMENT...`: STATE is the one folder that may be written to, SCANNED holds
hostile files, MARK stands in every text among them. What was refused is printed on standard error as
`REFUSED event detail`.
"""

import os
import sys

STATE, SCANNED, MARK, *ARGUMENTS = sys.argv[1:]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = frozenset(
    {"os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate"}
    | {"os.utime", "os.setxattr", "os.removexattr", "shutil.move", "shutil.rmtree", "shutil.copyfile"}
    | {"tempfile.mkstemp", "tempfile.mkdtemp"}
)
_NEVER = frozenset(
    {"os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "pty.spawn"}
    | {"pickle.find_class", "webbrowser.open", "ftplib.connect", "smtplib.connect", "urllib.Request", "code.__new__"}
)


def _text(value):
    return os.fsdecode(value) if isinstance(value, (bytes, str, os.PathLike)) else ""


def _inside(path, folder):
    return os.path.abspath(path).startswith(folder.rstrip(os.sep) + os.sep) or os.path.abspath(path) == folder


def _by_the_import_system():
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _refused(event, arguments):
    if event.startswith(("socket.", "http.client.", "ssl.")) or event in _NEVER:
        return True
    if event == "open":
        path, _mode, flags = arguments
        if isinstance(path, int) or path == os.devnull or not flags & _WRITING:
            return False
        return not _inside(_text(path), STATE)
    if event in _CHANGING:
        return not all(_inside(_text(path), STATE) for path in arguments[:2] if isinstance(path, (bytes, str)))
    if event == "sqlite3.connect":
        return arguments[0] != ":memory:" and not _inside(_text(arguments[0]), STATE)
    if event == "subprocess.Popen":
        command = arguments[1]
        return not (command[0] == sys.executable and any(part.endswith("isolation_child.py") for part in command))
    if event == "import":
        return bool(arguments[1]) and _inside(_text(arguments[1]), SCANNED)
    if event == "compile":
        source = arguments[0]
        return MARK in (source.decode("utf-8", "replace") if isinstance(source, bytes) else str(source))
    if event == "exec":
        name = arguments[0].co_filename
        return os.path.isabs(name) and _inside(name, SCANNED)
    if event in ("marshal.loads", "marshal.load"):
        return not _by_the_import_system()
    return False


def _watch(event, arguments):
    if _refused(event, arguments):
        os.write(2, f"REFUSED {event} {str(arguments)[:300]}\n".encode("utf-8", "backslashreplace"))
        raise PermissionError(f"refused: {event}")


sys.addaudithook(_watch)

from weighbridge.cli.main import main  # noqa: E402  (only what comes after the hook is watched)

sys.argv = ["weighbridge", *ARGUMENTS]
main()
