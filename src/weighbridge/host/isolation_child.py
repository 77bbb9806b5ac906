"""The child process in which parsers that are not ours read hostile input.

It is started as a script with a bare interpreter (`-I -S`), gets the parser's module and the folders to import from
as arguments, imports the parser, gives up every right that it does not need, and then answers requests until its input
ends. From then on it can start no program, open no file and speak to no network, and its memory and processor time are
limited.

It writes one zero byte when it is ready. Request: a big-endian 32-bit length and that many bytes of payload. Answer:
one status byte (0 answered, 1 failed), a 32-bit length and that many bytes (JSON, or a sentence).
"""

import sys
from collections.abc import Callable
from importlib import import_module
from json import dumps

MEMORY_BYTES = 300 << 20
PROCESSOR_SECONDS = 5
"""For one payload."""
OPEN_FILES = 16
_READY = b"\0"


def main(module: str, folders: list[str]) -> None:
    """Answer requests from standard input on standard output until it ends."""
    sys.path[:] = [*folders, *sys.path[1:]]  # the first is this file's folder, whose modules have short names
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    read = import_module(module).read
    dumps({"": [""]})
    limit_processor = _give_up_rights()
    answers.write(_READY)
    answers.flush()
    while header := requests.read(4):
        payload = requests.read(int.from_bytes(header, "big"))
        limit_processor()
        try:
            status, answer = b"\0", dumps(read(payload)).encode()
        except Exception as error:  # noqa: BLE001  (a parser that is not ours may raise anything; the answer says so)
            status, answer = b"\1", f"{type(error).__name__}: {error}"[:500].encode("utf-8", "backslashreplace")
        answers.write(status + len(answer).to_bytes(4, "big") + answer)
        answers.flush()


def _give_up_rights() -> Callable[[], None]:
    """Limit this process as far as the platform can, for good; return what to call before each payload."""
    from weighbridge.host.few_rights import give_up

    try:
        import resource
    except ImportError:  # Windows: the parent's time limit and payload cap remain
        return lambda: None
    give_up(
        (
            ("RLIMIT_AS", MEMORY_BYTES),
            ("RLIMIT_NOFILE", OPEN_FILES),
            ("RLIMIT_FSIZE", 0),
            ("RLIMIT_CORE", 0),
            ("RLIMIT_NPROC", 0),
        )
    )

    def limit_processor() -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + 1 + PROCESSOR_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))

    return limit_processor


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
