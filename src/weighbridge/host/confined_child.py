"""The process that `confined.py` starts: it loads a module, gives up what that does not need, and lets it work once.

It opens files to read, and works in threads; it can reach no network and start no program, and writes no more than it
was told. What it may use of memory and processor is limited.
"""

import sys
from importlib import import_module


def main(package: str, name: str, memory: int, processor_seconds: int, most_written: int) -> int:
    """Answer the request on standard input; return the exit status."""
    sys.path.insert(0, package)
    try:
        module = import_module(name)
        prepare = getattr(module, "prepare", None)
        if prepare is not None:
            prepare()
        _give_up_rights(memory, processor_seconds, most_written)
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


def _give_up_rights(memory: int, processor_seconds: int, most_written: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent's time limit remains
        return
    limits = (
        ("RLIMIT_AS", memory),
        ("RLIMIT_CPU", processor_seconds),
        ("RLIMIT_FSIZE", most_written),
        ("RLIMIT_CORE", 0),
    )
    for limit, value in limits:
        try:
            resource.setrlimit(getattr(resource, limit), (value, value))
        except (AttributeError, ValueError, OSError):
            continue  # a platform without this limit still has the others
    if sys.platform == "linux":
        from weighbridge.host.isolation_filter import forbid_system_calls

        forbid_system_calls(for_libraries=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])))
