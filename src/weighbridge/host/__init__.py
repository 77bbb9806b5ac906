"""The only door to the machine: files, clock, environment, processes, state folder.

In: requests. Out: bytes, entries, times. `real.py` is this machine, `fake.py` a whole machine in memory
that records every read.
Forbidden: knowing models, formats or policy. Nothing here writes outside the state folder but `model_store`.
To add a capability: a method on `machine.Machine`, in both implementations, and in the contract suite.
"""
