"""The part of `wb doctor` about seeing: what the sensor sees here, what more rights would add, how to grant them."""

import os
import sys
from typing import NamedTuple

GRANTED = ("CAP_PERFMON", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH", "CAP_CHECKPOINT_RESTORE")
"""What the unit in deploy/ grants: everything that shows more, and nothing that changes anything."""
_SYSTEM: str = sys.platform


class Line(NamedTuple):
    """One thing that is seen: wholly, in part (`·`), or not at all and something is wrong (`!`)."""

    symbol: str
    what: str
    detail: str


def lines() -> list[Line]:
    """Return what is seen on this machine, best first."""
    return [
        _starts(),
        _files(),
        *_processes(),
        _listeners(),
        _accelerators(),
        _ledger(),
        *_policy(),
        *_hub(),
        *_confinement(),
    ]


def _policy() -> list[Line]:
    """Return which policy of a fleet weighs here, and whether it is stale; nothing on a machine without one."""
    from weighbridge.host.real import RealMachine
    from weighbridge.model.errors import WeighbridgeError
    from weighbridge.pipeline.policies import FLEET, default_policy, load_policy

    machine = RealMachine()
    if default_policy(machine) != FLEET:
        return []
    try:
        policy = load_policy(machine, FLEET)
    except WeighbridgeError as error:
        return [Line("!", "policy", f"{error.message}; {error.hint}")]
    return [Line("·" if policy.stale_words else "✓", "policy", policy.words)]


def _hub() -> list[Line]:
    """Return what is known of the hub's revocations, and when it is asked; nothing where nobody set one up."""
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.policies import FEED

    machine = RealMachine()
    if not machine.has_state(FEED):
        return []
    from weighbridge.pipeline.hub_feed import DamagedFeedError, kept_feed, stale_words
    from weighbridge.report.escape import visible
    from weighbridge.sync.plan import REGULAR_SECONDS

    try:
        kept = kept_feed(machine)
    except DamagedFeedError as error:
        return [
            Line("!", "revoked models", f"what the hub said is damaged: {error}; `wb hub setup --status` asks anew")
        ]
    if kept is None:
        return []
    if stale := stale_words(kept, machine.now()):
        return [Line("·", "revoked models", visible(stale, 300))]
    rhythm = f"asked every {REGULAR_SECONDS / 60:.0f} minutes by `wb watch`, and with `wb pull` and `wb request`"
    return [Line("✓", "revoked models", f"{len(kept.revoked):,} by {visible(kept.host, 100)}, {rhythm}")]


def _confinement() -> list[Line]:
    """Return whether what looks into models for a hub can be kept to its own files; nothing where no kernel could."""
    from weighbridge.host.confined import confinement

    if _SYSTEM != "linux":
        return []
    missing = confinement()
    return [Line("·" if missing else "✓", "confined readers", missing or "they open their own files and no other")]


def advice() -> list[str]:
    """Return how to see more; nothing if everything is granted, or if the platform has no such rights."""
    from weighbridge.host.capabilities import effective, is_root

    if _SYSTEM != "linux":
        return []
    missing = [name for name in GRANTED if name not in effective()]
    if not missing:
        return []
    unit = "To see more, as a service of the machine: deploy/weighbridge-watch.service grants"
    names = " ".join(missing)
    once = ",".join(name.lower() for name in missing)
    lines = [
        f"{unit} {names} and nothing else.",
        f"Once, by hand: sudo capsh --caps='{once}+eip cap_setpcap,cap_setuid,cap_setgid+ep' --keep=1"
        f" --user={_user()} --addamb={once} -- -c 'wb watch'",
    ]
    return lines if not is_root() else [*lines[:1], "This root was stripped of them; a plain root shell has them all."]


def _user() -> str:
    return os.environ.get("USER") or "you"


def _starts() -> Line:
    from weighbridge.host.process_events import ProcessEvents

    try:
        ProcessEvents().close()
    except OSError as error:
        why = error.strerror or str(error)
        return Line("·", "starts of processes", f"every 2 seconds; the kernel does not announce them ({why.lower()})")
    return Line("✓", "starts of processes", "announced by the kernel")


def _files() -> Line:
    from weighbridge.host.capabilities import most_watches
    from weighbridge.host.folder_events import FolderEvents

    try:
        FolderEvents().close()
    except OSError:
        return Line("·", "changes of files", "at each scan; this platform does not announce them")
    most = most_watches()
    return Line("✓", "changes of files", "announced" + (f", for up to {most:,} folders" if most is not None else ""))


def _processes() -> list[Line]:
    from weighbridge.discover.sight import sight
    from weighbridge.host.real_live import real_live

    found = []
    for one in sight(real_live()):
        whole = one.seen + one.hidden
        if not whole:
            found.append(Line("·", one.what, "this platform does not tell"))
        elif one.hidden:
            found.append(Line("·", one.what, f"of {one.seen:,} of {whole:,} processes; the rest: {one.needs}"))
        else:
            found.append(Line("✓", one.what, f"of all {whole:,} processes"))
    return found


def _listeners() -> Line:
    from weighbridge.host.real_live import real_live

    live = real_live()
    try:
        sockets = live.listeners()
        owned = live.socket_owners(one.inode for one in sockets)
    except (OSError, NotImplementedError):
        return Line("·", "servers", "this platform does not tell")
    known = sum(bool(owned.get(one.inode)) for one in sockets)
    if known == len(sockets):
        return Line("✓", "servers", f"all {len(sockets):,} listening sockets with their processes")
    more = "CAP_SYS_PTRACE with CAP_DAC_READ_SEARCH, or root"
    return Line("·", "servers", f"{len(sockets):,} listening sockets, {known:,} with their process; the rest: {more}")


def _accelerators() -> Line:
    from weighbridge.host.real_live import real_live

    samples, missed = real_live().accelerators()
    titles = sorted({sample.title for sample in samples})
    if missed:
        return Line("·", "accelerators", "; ".join([*titles, *missed])[:200])
    return Line("✓", "accelerators", ", ".join(titles) if titles else "none here")


def _ledger() -> Line:
    from weighbridge.host.lock_owner import lock_owner
    from weighbridge.host.real import RealMachine
    from weighbridge.ledger.reader import LogError
    from weighbridge.model.errors import WeighbridgeError
    from weighbridge.pipeline.ledger_open import FOLDER, ledger_reader
    from weighbridge.report.words import counted

    machine = RealMachine()
    try:
        size = ledger_reader(machine).head().size
    except WeighbridgeError as error:
        return Line("·", "ledger", error.message)
    except LogError as error:
        return Line("!", "ledger", f"{error}; `wb ledger verify` says where")
    writer = lock_owner(os.path.join(machine.state_folder, FOLDER.encode(), b"lock"))
    watched = f"process {writer} writes to it" if writer is not None else "nobody watches now (`wb watch`)"
    return Line("✓", "ledger", f"{counted(size, 'record')}; {watched}")
