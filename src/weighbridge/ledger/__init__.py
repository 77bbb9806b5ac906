"""The tamper-evident log: what was observed, in an order that nobody can quietly rewrite.

In: records, a folder of the state folder, a key. Out: an append-only log (C2SP tlog-tiles), proofs, what does not hold.

Forbidden: knowing models, rules or faces. The tree, notes and proofs are pure; files are reached through host.
"""
