"""A file that a person named on the command line or in settings: whoever names a link means what it leads to.

Files of the machine are read without following links; what a person points at is no such file. Settings and secrets
that an orchestrator mounts are links. Source: Kubernetes documentation, "Secrets" and "ConfigMaps".
"""

import os


def named(path: str) -> bytes:
    """Return the whole path, without links in it."""
    return os.fsencode(os.path.realpath(path))
