"""The fleet server: contexts that own their tables, and functions over them. Pages are made in `console`.

In: a `Connection` of the store, values, the time. Out: records. Only the owner writes a table; others ask it to.

Forbidden: faces, SQL of one database alone, a call that waits for a disk or a socket in the event loop.
To add a context: `<context>.py` with its tables, one line in `schema.py`, a migration, a test on both stores.
"""
