"""The process that `confined.py` starts: it loads a module, gives up what that does not need, and lets it work once.

It reads the files of its folder and those of the interpreter, and works in threads; it can reach no network and start
no program, and writes nothing but below one folder, no more than it was told. Memory and processor time are limited.
Where the kernel has no Landlock it can read whatever its user can.
"""

import os
import sys
from importlib import import_module


def main(package: str, name: str, memory: int, processor_seconds: int, most_written: int, output: str = "") -> int:
    """Answer the request on standard input; return the exit status. `output`: a folder to write in; empty for none."""
    sys.path.insert(0, package)
    try:
        module = import_module(name)
        prepare = getattr(module, "prepare", None)
        if prepare is not None:
            prepare()
        _give_up_rights(memory, processor_seconds, most_written, output)
        answer = module.main(sys.stdin.buffer.read())
    except MemoryError:
        sys.stderr.write(f"it needs more than {memory >> 20:,} MiB of memory\n")
        return 1
    except Exception as error:  # noqa: BLE001  (whatever hostile bytes lead to, the parent is told in one line)
        said = " ".join(str(error).split())[:300] or type(error).__name__
        sys.stderr.write(f"{said}\n".encode("ascii", "backslashreplace").decode())
        return 1
    sys.stdout.buffer.write(answer)
    return 0


def _give_up_rights(memory: int, processor_seconds: int, most_written: int, output: str) -> None:
    from weighbridge.host.few_rights import give_up
    from weighbridge.host.own_libraries import library_paths

    limits = (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", processor_seconds),
        ("RLIMIT_FSIZE", most_written),
        ("RLIMIT_CORE", 0),
    )
    give_up(limits, reads=[os.getcwd(), *library_paths()], writes=[output] if output else [])


if __name__ == "__main__":
    package, module, memory, processor_seconds, most_written, output = sys.argv[1:]
    sys.exit(main(package, module, int(memory), int(processor_seconds), int(most_written), output))
