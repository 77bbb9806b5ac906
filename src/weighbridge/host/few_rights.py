"""What a child process gives up, for good, before it reads hostile bytes: memory, time, files, programs, sockets."""

import sys
from collections.abc import Iterable

_SYSTEM: str = sys.platform


def give_up(
    limits: Iterable[tuple[str, int]], *, reads: Iterable[str] | None = None, writes: Iterable[str] = ()
) -> None:
    """Limit this process as far as its platform can.

    Args:
        limits: names of `resource` and values. A platform without one of them still has the others.
        reads: paths at and below which it may still open files, and it may start threads; None: it opens none.
        writes: paths below which it may also make and write files.

    Raises:
        OSError: the kernel can confine it to these paths, and did not.
    """
    try:
        import resource
    except ImportError:  # Windows: the time limit of the parent remains
        return
    for limit, value in limits:
        try:
            resource.setrlimit(getattr(resource, limit), (value, value))
        except (AttributeError, ValueError, OSError):
            continue
    if _SYSTEM == "linux":
        from weighbridge.host.isolation_filter import forbid_system_calls
        from weighbridge.host.landlock import allow_files

        # Where the kernel has no Landlock the rest remains, and `wb doctor` and `wb hub check` say so.
        allow_files(reads or (), writes)
        forbid_system_calls(for_libraries=reads is not None)
