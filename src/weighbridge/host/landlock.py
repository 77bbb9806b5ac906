"""Which files this process may still open, told to the kernel by Landlock, for good: Linux 5.13 and later.

All that a ruleset knows is refused but where a rule allows it: opening, making, truncating, renaming, ports of TCP, and
signals and abstract sockets of processes outside. What is open already stays so. Source: Linux kernel documentation,
`userspace-api/landlock`; landlock_create_ruleset(2), landlock_add_rule(2), landlock_restrict_self(2).
"""

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ODD_NUMBERS = ("alpha", "mips")
"""Processors on which these calls have other numbers."""
_ASK_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38
_WRITE_FILE, _READ_FILE, _READ_FOLDER, _REMOVE_FILE, _MAKE_FILE, _TRUNCATE = (1 << bit for bit in (1, 2, 3, 5, 8, 14))
_READ = _READ_FILE | _READ_FOLDER
_WRITE = _READ | _WRITE_FILE | _REMOVE_FILE | _MAKE_FILE | _TRUNCATE
_OF_A_FILE = _READ_FILE | _WRITE_FILE | _TRUNCATE
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights over files each version of the interface knows; later ones know 16."""
_SAYS_PORTS, _SAYS_SCOPES = 4, 6
_PORTS = _SCOPES = 3
_SYSTEM: str = sys.platform


def version() -> int:
    """Return which version of the interface this kernel has; 0 where it has none, or has it switched off."""
    if _SYSTEM != "linux" or os.uname().machine.startswith(_ODD_NUMBERS):
        return 0
    return max(0, _call(_CREATE, None, 0, _ASK_VERSION)[0])


def allow_files(reads: Iterable[str], writes: Iterable[str] = ()) -> bool:
    """Refuse this process, and the threads it starts, every file but those at or below some paths; return whether.

    Args:
        reads: paths whose files may be read; one that is not there is passed over.
        writes: paths below which files may be made, read, written and removed.

    Returns:
        False where the kernel cannot.

    Raises:
        OSError: it can, and did not.
    """
    known = version()
    if not known:
        return False
    handled = (1 << _FILE_RIGHTS.get(known, 16)) - 1
    ports, scopes = _PORTS if known >= _SAYS_PORTS else 0, _SCOPES if known >= _SAYS_SCOPES else 0
    words = 3 if known >= _SAYS_SCOPES else 2 if known >= _SAYS_PORTS else 1
    said = struct.pack("@3Q", handled, ports, scopes)[: 8 * words]
    ruleset = _checked(_CREATE, said, len(said), 0)
    try:
        for paths, rights in ((reads, _READ), (writes, _WRITE)):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
        if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _checked(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        if not os.path.isdir(path):
            rights &= _OF_A_FILE
        _checked(_ADD, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _checked(number: int, *given: int | bytes | None) -> int:
    answer, error = _call(number, *given)
    if answer < 0:
        raise OSError(error, os.strerror(error))
    return answer


def _call(number: int, *given: int | bytes | None) -> tuple[int, int]:
    """Make a system call; return what it answers, and its error."""
    try:
        syscall = ctypes.CDLL(None, use_errno=True).syscall
    except AttributeError:
        return -1, errno.ENOSYS
    syscall.restype = ctypes.c_long
    passed = [ctypes.c_long(one) if isinstance(one, int) else ctypes.c_char_p(one) for one in given]
    answer = syscall(ctypes.c_long(number), *passed)
    return answer, ctypes.get_errno()
