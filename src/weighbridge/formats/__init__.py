"""Readers: bytes in, facts and observations out. Never says whether something is bad.

In: a `ByteSource` and a `Budget`. Out: a `Reading` (facts, observations, children, parts wanted).
Forbidden: files, processes, sockets, judgement, loading or decoding what a loader would execute.
To add one: `<format>.py` with a `READER`, one line in `registry.py`, a test of the same name,
one recipe in `tests/samples`.
"""
