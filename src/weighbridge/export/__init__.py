"""What other products consume: detection rules, device-management artifacts and event formats, from one policy.

In: a policy, the catalog of signatures, scans and records. Out: texts. Forbidden: input and output, clocks.

To add one: `<format>.py` with an `EXPORT`, one line in `registry.py`, a test that its own tool or schema accepts it.
"""
