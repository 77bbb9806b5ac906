"""A system call filter for the isolated child on Linux: no sockets, no programs, no opening of files.

Sources: seccomp(2), prctl(2), linux/filter.h and linux/seccomp.h (classic BPF over `struct seccomp_data`), the system
call tables of x86-64 and of the generic table that arm64 uses.
"""

import ctypes
import os
import struct

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_LOAD_WORD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | 1  # SECCOMP_RET_ERRNO | EPERM
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE = 0, 4
_FOREIGN_CALLS = 0x40000000
"""Numbers from here on are another calling convention of x86-64 (x32)."""

_REFUSED: dict[str, tuple[int, tuple[int, ...]]] = {
    # socket connect bind socketpair clone fork vfork execve ptrace open creat link symlink unlink rename mkdir chmod
    # openat execveat clone3 openat2 io_uring_setup bpf kill process_vm_writev
    "x86_64": (
        0xC000003E,
        (41, 42, 49, 53, 56, 57, 58, 59, 101, 2, 85, 86, 88, 87, 82, 83, 90, 257, 322, 435, 437, 425, 321, 62, 311),
    ),
    # socket socketpair bind connect clone execve ptrace openat mkdirat unlinkat symlinkat linkat renameat execveat
    # clone3 openat2 io_uring_setup bpf kill process_vm_writev
    "aarch64": (
        0xC00000B7,
        (198, 199, 200, 203, 220, 221, 117, 56, 34, 35, 36, 37, 38, 281, 435, 437, 425, 280, 129, 271),
    ),
}

_LIBRARIES: dict[str, tuple[int, ...]] = {"x86_64": (2, 257, 437, 56, 435), "aarch64": (56, 437, 220, 435)}
"""open, openat, openat2, clone and clone3: what libraries need that read files and work in threads."""


def forbid_system_calls(*, for_libraries: bool = False) -> bool:
    """Refuse, for this process and for good, every call that reaches outside of it; return whether that worked.

    With `for_libraries` it may still open files and start threads; that it writes no file, a resource limit says.

    An old kernel or another processor leaves the process as it is: the resource limits and the parent's watch remain.
    """
    machine = os.uname().machine
    known = _REFUSED.get(machine)
    if known is None:
        return False
    architecture, refused = known
    allowed = _LIBRARIES[machine] if for_libraries else ()
    program = filter_program(architecture, tuple(number for number in refused if number not in allowed))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong]
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, None, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header), 0, 0) == 0)


def filter_program(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Return the BPF instructions: kill what is of another architecture, refuse `refused`, allow the rest."""
    refuse_at = 4 + len(refused) + 1
    instructions = [
        (_LOAD_WORD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_IF_EQUAL, 0, refuse_at - 2 + 1, architecture),
        (_LOAD_WORD, 0, 0, _OFFSET_NUMBER),
        (_JUMP_IF_AT_LEAST, refuse_at - 4, 0, _FOREIGN_CALLS),
        *((_JUMP_IF_EQUAL, refuse_at - 5 - position, 0, number) for position, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _KILL),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
