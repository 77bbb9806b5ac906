"""Examines one file and prints what it cost: `python -m tests.fuzz.resource_child FILE`."""

import json
import os
import resource
import sys

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.examine import examine


def peak() -> int:
    """Return the most bytes that were resident. What `getrusage` says on Linux includes the parent before exec."""
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
machine = RealMachine()
outcome = examine(machine, os.fsencode(sys.argv[1]), digest_members=True)
used = resource.getrusage(resource.RUSAGE_SELF)
answer = {
    "assessments": [str(item.assessment) for item in outcome.examined],
    "formats": [item.format for item in outcome.examined],
    "findings": [finding.check for item in outcome.examined for finding in item.findings][:20],
    "unexamined": [entry.reason for entry in outcome.unexamined],
    "peak": peak(),
    "seconds": round(used.ru_utime + used.ru_stime, 2),
}
print(json.dumps(answer))
