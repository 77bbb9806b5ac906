"""Brings the policy of a fleet up to date under an audit hook that reports whatever else a process could do.

`python malicious_policy_server.py URL WANTED [ANSWER_SECONDS]`: prints one JSON object on standard output: number and
code that are held then, and the events that were seen: files that were opened, processes that were started, addresses
that were connected to, modules that were imported from anywhere but the program itself.
"""

import json
import os
import sys

URL, WANTED, *MORE = sys.argv[1:]
SEEN = {"written": [], "read": [], "started": [], "connected": [], "compiled": []}
_OWN = tuple(
    os.path.abspath(path) for path in (*sys.path, sys.prefix, sys.base_prefix, "/proc", "/sys", "/etc/ssl") if path
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_BEGAN = []


def _watch(event, arguments):
    if not _BEGAN:
        return
    if event == "open" and not isinstance(arguments[0], int):
        path = os.path.abspath(os.fsdecode(arguments[0]))
        if arguments[2] & _WRITING:
            SEEN["written"].append(path)
        elif not path.startswith(_OWN):
            SEEN["read"].append(path)
    elif event in ("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "subprocess.Popen", "pty.spawn"):
        SEEN["started"].append(event)
    elif event == "socket.connect":
        SEEN["connected"].append(list(arguments[1][:2]))
    elif event in ("pickle.find_class", "code.__new__"):
        SEEN["compiled"].append(event)


sys.addaudithook(_watch)

from weighbridge.host import fleet_http  # noqa: E402
from weighbridge.host.real import RealMachine  # noqa: E402
from weighbridge.pipeline.policy_update import update_policy  # noqa: E402
from weighbridge.pipeline.sync_drain import client_of  # noqa: E402

if MORE:
    fleet_http.ANSWER_SECONDS = float(MORE[0])
_BEGAN.append(True)
held = update_policy(RealMachine(), client_of(URL), WANTED)
_BEGAN.clear()
print(json.dumps({"number": held.number, "code": held.code, "reason": held.reason, **SEEN}))
