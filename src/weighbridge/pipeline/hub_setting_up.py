"""Telling the tools of this machine about the hub: what is here, what would change, making it so, taking it back."""

import os
import ssl
from typing import NamedTuple

from weighbridge.host.home_file import (
    missing_folders,
    read_home_file,
    remove_empty_folders,
    remove_home_file,
    write_home_file,
)
from weighbridge.host.machine import Machine
from weighbridge.ledger.errors import unwritable
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import LimitReached
from weighbridge.pipeline import hub_ollama
from weighbridge.pipeline.hub_access import FOLDER, HubAccess, keep_access, kept_access
from weighbridge.pipeline.hub_feed import FILE as FEED
from weighbridge.pipeline.hub_places import huggingface_cache, lm_studio_folder
from weighbridge.pipeline.hub_setup import LOGIN_FILES, Change, Surroundings, Wanted, changes, own_settings

_TOKEN, _AUTHORITIES, _MADE = "token", "authorities.pem", "made-folders"
_LARGEST_BUNDLE = 8 << 20


class Planned(NamedTuple):
    """What setting up would change."""

    access: HubAccess | None
    wanted: Wanted | None
    changes: list[Change]


def plan(machine: Machine, access: HubAccess | None) -> Planned:
    """Return what would change on this machine.

    Args:
        machine: this machine.
        access: the hub that its tools are to use; None to take everything back.

    Raises:
        WeighbridgeError: `E-hub-setup` for a file that cannot be read.
    """
    wanted = None
    if access is not None:
        folder = os.fsdecode(os.path.join(machine.state_folder, FOLDER.encode()))
        wanted = Wanted(
            url=access.url,
            token_file=os.path.join(folder, _TOKEN) if access.token else "",
            authorities_file=os.path.join(folder, _AUTHORITIES) if access.authorities else "",
        )
    if machine.platform == "windows":
        return Planned(access, wanted, [])  # its programs read no file; `windows_lines` says what people type
    return Planned(access, wanted, changes(wanted, surroundings(machine), _read))


def overruled(machine: Machine, wanted: Wanted) -> list[str]:
    """Return which lines of a person's own win over what tools are told, as people read it. Raises `E-hub-setup`."""
    if machine.platform == "windows":
        return []
    found = own_settings(wanted, surroundings(machine), _read)
    return [f"{path}, line {number}, sets {name} as well, and wins" for path, number, name in found]


def surroundings(machine: Machine) -> Surroundings:
    """Return what there is to be told on this machine."""
    home = os.fsdecode(machine.homes()[0])
    config = machine.environment("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    used = os.path.basename(machine.environment("SHELL") or "")
    signs = {
        "bash": (f"{home}/.bashrc", f"{home}/.profile"),
        "zsh": (f"{home}/.zshrc", f"{home}/.zshenv"),
        "fish": (f"{config}/fish",),
    }
    shells = tuple(name for name, paths in signs.items() if name == used or any(_is_there(machine, p) for p in paths))
    login = tuple(name for name in LOGIN_FILES if _is_there(machine, f"{home}/{name}"))
    return Surroundings(
        platform=machine.platform,
        home=home,
        shells=shells or ("bash",),
        config=config,
        login_files=login or LOGIN_FILES[-1:],
    )


def tools_here(machine: Machine) -> dict[str, bool]:
    """Return which tools keep models on this machine."""
    home = machine.homes()[0]
    return {
        "huggingface": True,
        "llama_cpp": _is_there(machine, os.path.join(home, b".cache", b"llama.cpp"))
        or _is_there(machine, huggingface_cache(machine)),
        "ollama": hub_ollama.is_here(machine),
        "lm_studio": lm_studio_folder(machine) is not None,
    }


def ollama_key(machine: Machine) -> tuple[str, bytes]:
    """Return the public key that Ollama signs in with, and the folder that holds it; empty if none can be read here.

    The one of a service goes before the person's own: it is the service that pulls.
    """
    for home in (hub_ollama.OLLAMA_SERVICE, machine.homes()[0]):
        folder = os.path.join(home, b".ollama")
        try:
            text = machine.read_file(os.path.join(folder, b"id_ed25519.pub"), 4096).decode("ascii").strip()
        except (OSError, ValueError):
            continue
        if text.startswith("ssh-ed25519 ") and text.isprintable():
            return text, folder
    return "", b""


def apply(machine: Machine, planned: Planned) -> None:
    """Make it so: first what the tools are led to, then what leads them there; taken back in the other order.

    Raises:
        WeighbridgeError: `E-hub-setup`, `E-ledger-write`; files that were changed before stay changed, and running it
            again goes on.
    """
    if planned.access is not None:
        _keep(machine, planned.access)
        _remember_folders(machine, planned)
    for change in planned.changes:
        path = os.fsencode(change.path)
        try:
            if change.after:
                write_home_file(path, change.after)
            elif change.before is not None:
                remove_home_file(path)
        except OSError as error:
            raise _cannot(change.path, error) from error
    if planned.access is None:
        remove_empty_folders(_made_folders(machine))
        _forget(machine)


def _made_folders(machine: Machine) -> list[bytes]:
    """Return the folders that were made for settings."""
    try:
        text = machine.durable_folder(FOLDER).read(_MADE, _LARGEST_BUNDLE)
    except (OSError, LimitReached):
        return []
    return [line for line in text.split(b"\0") if line]


def _remember_folders(machine: Machine, planned: Planned) -> None:
    """Write down which folders are about to be made. Raises `E-ledger-write`."""
    known = _made_folders(machine)
    new = [folder for one in planned.changes if one.after for folder in missing_folders(os.fsencode(one.path))]
    try:
        if new:
            machine.durable_folder(FOLDER).replace({_MADE: b"\0".join(dict.fromkeys([*known, *new]))})
    except OSError as error:
        raise unwritable(error) from error


def _keep(machine: Machine, access: HubAccess) -> None:
    folder, contents = machine.durable_folder(FOLDER), {}
    if access.token:
        contents[_TOKEN] = access.token.encode()
    if access.authorities:
        contents[_AUTHORITIES] = (_system_authorities(machine) + access.authorities).encode()
    try:
        if contents:
            folder.replace(contents)
    except OSError as error:
        raise unwritable(error) from error
    keep_access(machine, access)


def _forget(machine: Machine) -> None:
    if kept_access(machine) is None:
        return
    try:
        machine.durable_folder(FOLDER).remove([_TOKEN, _AUTHORITIES, _MADE, FEED])
    except OSError as error:
        raise unwritable(error) from error
    keep_access(machine, None)


def _system_authorities(machine: Machine) -> str:
    """Return the certificates that the system trusts: the variables replace them, they do not add to them."""
    path = ssl.get_default_verify_paths().cafile
    try:
        text = "" if path is None else machine.read_file(machine.resolve(os.fsencode(path)), _LARGEST_BUNDLE).decode()
    except (OSError, ValueError):
        return ""
    return text if text.endswith("\n") else f"{text}\n"


def _read(path: str) -> str | None:
    try:
        return read_home_file(os.fsencode(path))
    except OSError as error:
        raise _cannot(path, error) from error


def _is_there(machine: Machine, path: str | bytes) -> bool:
    try:
        machine.stat(os.fsencode(path), follow=True)
    except OSError:
        return False
    return True


def _cannot(path: str, error: OSError) -> WeighbridgeError:
    return WeighbridgeError(
        "E-hub-setup",
        f"{path}: {error.strerror or error}",
        "nothing of it was lost; see to the file, then run it again",
        exit_code=1,
    )
