"""Which policy a run weighs by: that of the fleet, a pack that ships with Weighbridge, or a folder of the machine.

In: a machine and the name of a pack or the path of a folder. Out: a `Policy`.
"""

from pkgutil import get_data

from weighbridge.host.machine import Machine
from weighbridge.policy.compiled import restored
from weighbridge.policy.packs import BUILT_IN, COMPILED, FILES
from weighbridge.policy.policy import Policy

FLEET = "fleet"
"""What the policy is called that this machine's fleet has signed; a folder of that name is `./fleet`."""
_IN_FORCE = "policy/in-force.json"
"""`fleet_policy.IN_FORCE`: whether it is there is all that most machines ask of it."""
RULINGS = "policy/rulings.json"
"""The same of `fleet_rulings`."""
FEED = "hub-access/revocations.json"
"""The same of `hub_feed`."""


def default_policy(machine: Machine, otherwise: str = BUILT_IN[0]) -> str:
    """Return the name of the policy that weighs where nobody names one: the fleet's where one is in force.

    Args:
        machine: this machine.
        otherwise: the policy of a machine that has none from a fleet.
    """
    return FLEET if machine.has_state(_IN_FORCE) else otherwise


def load_policy(machine: Machine, name: str = BUILT_IN[0], *, check: bool = False) -> Policy:
    """Return the policy `name`: that of the fleet, a pack that ships with Weighbridge, else a folder.

    Args:
        machine: where the folder lies.
        name: `fleet`, `observe`, `balanced`, `regulated`, or the path of a folder.
        check: whether our own packs are read and checked from their sources, with their tests; otherwise they come in
            the form that `policy/compiled.py` keeps. Folders always are.

    What the fleet decided about single models, and what the hub of this person forbids, counts beside every policy,
    unless it is only to be checked.
    Raises `WeighbridgeError` if there is no such policy or it is not right.
    """
    policy = _by_name(machine, name, check=check)
    if check:
        return policy
    if machine.has_state(RULINGS):
        from weighbridge.pipeline.fleet_rulings import with_rulings

        policy = with_rulings(machine, policy)
    if machine.has_state(FEED):
        from weighbridge.pipeline.hub_feed import with_feed

        policy = with_feed(machine, policy)
    return policy


def _by_name(machine: Machine, name: str, *, check: bool) -> Policy:
    if name in BUILT_IN and not check:
        return restored(_part(name, COMPILED))
    if name == FLEET:
        from weighbridge.pipeline.fleet_policy import fleet_policy

        return fleet_policy(machine)
    # Reading and checking sources needs YAML, a validator and every registry: scans by our own packs do without.
    from weighbridge.pipeline.policy_folder import folder_files, registered_names
    from weighbridge.policy.pack import read_policy

    files = built_in_files(name) if name in BUILT_IN else folder_files(machine, name)
    return read_policy(files, name, registered_names())


def built_in_files(name: str) -> dict[str, bytes]:
    """Return the files of the pack `name`, one of `BUILT_IN`, by relative path."""
    return {path: _part(name, path) for path in FILES}


def _part(name: str, path: str) -> bytes:
    content = get_data("weighbridge.policy.packs", f"{name}/{path}")
    assert content is not None  # noqa: S101  (our own package always has a loader)
    return content
