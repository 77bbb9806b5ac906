"""Which bytes a pickle can begin with: a cheap test on the first bytes alone.

Protocols 0 and 1 have no magic number, and the C unpickler does not ask for one in the others either. So the test is
that the first two opcodes are complete, plausible and legal on an empty stack, which ordinary text and other binary
formats are not. PERSID is left out as the first: every loader stops there, and every ZIP file begins with its letter.
"""

import re

_NAME = rb"[A-Za-z0-9_.\x80-\xff]{1,300}"
_REST = rb"[ \t\v\f\r]*L?(?:\0[^\n]*)?(?:\n|\Z)"
"""Behind a number: spaces, and what follows a zero byte, which C takes for the end. `head` may end inside a line."""
_NUMBER = rb"[ \t\v\f\r]*[-+]?[0-9a-fA-FxXoO_]*" + _REST
_INDEX = rb"[ \t\v\f\r]*\+?[0-9_]*" + _REST
_FIRST = (
    rb"\x80[\x00-\x05]"
    rb"|\x95.{6}\x00\x00"
    rb"|[(\])}N\x88\x89\x8f]"
    rb"|c" + _NAME + rb"\n" + _NAME + rb"\n"
    rb"|[IL]" + _NUMBER + rb"|F[ \t\v\f\r]*[-+]?[-+0-9.einfatyEINFATY_]*" + _REST + rb"|S['\"][^\n]*(?:\n|\Z)"
    rb"|V[^\n]*(?:\n|\Z)"
    rb"|K.|M..|J.{4}|G.{8}"
    rb"|[UC\x8a\x8c\x82].|\x83..|\x84.{4}|[XBT\x8b].{3}[\x00-\x0f]|[\x8d\x8e\x96].{5}\x00\x00\x00"
)
_LATER = rb"|[012.dltoeaRusbqrhjQ\x85\x86\x87\x90-\x94\x98]|i" + _NAME + rb"\n|[gp]" + _INDEX
_OPEN = b"UC\x8a\x8c\x8b\x8d\x8e\x96XBTVS"
"""Opcodes with a payload whose end the pattern does not look for."""
_COMPLETE = re.compile(_FIRST, re.DOTALL)
_BEHIND = re.compile(rb"[" + _OPEN + rb"]" + _LATER, re.DOTALL)
BEGINNINGS = b"\x80\x95(])}N\x88\x89\x8fcILFSVKMJGUC\x8a\x8c\x82\x83\x84XBT\x8b\x8d\x8e\x96"
"""First bytes of everything that can begin a pickle."""

MAGIC = re.compile(rb"\x80[\x00-\x05][(\])}NcILFSVPKMJGUXCBT\x88-\x8f\x95]", re.DOTALL)
"""Where inside other bytes a stream of protocol 2 or later may begin."""


def could_begin(head: bytes) -> bool:
    """Tell whether a pickle can begin with `head`; wrong only in saying yes."""
    first = _COMPLETE.match(head)
    if first is None:
        return False
    end = first.end()
    return (
        head[0] in _OPEN
        or end == len(head)
        or _BEHIND.match(head, end) is not None
        or _COMPLETE.match(head, end) is not None
    )
