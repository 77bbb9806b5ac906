"""Policies in folders of the machine: which files belong to them, and which names their rules may use."""

import os

from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.place import display
from weighbridge.model.source import LimitReached
from weighbridge.policy.nearest import did_you_mean
from weighbridge.policy.pack import MOST_FILES, TESTS_FOLDER, is_wanted
from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.validate import Names

_MOST_BYTES = 1 << 20
"""Largest file that is read; each reader has its own, smaller limit and says what to do."""


def registered_names() -> Names:
    """Return the ids of all formats, checks and stores, so that a rule that misspells one is refused."""
    from weighbridge.checks.registry import CHECKS
    from weighbridge.discover.registry import PROBES
    from weighbridge.formats.registry import READERS

    return Names(
        formats=frozenset(reader.id for reader in READERS),
        checks=frozenset(check.id for check in CHECKS),
        stores=frozenset(probe.id for probe in PROBES),
    )


def folder_files(machine: Machine, folder: str) -> dict[str, bytes]:
    """Return the files of the policy folder at `folder` by relative path; what a policy does not want is not read."""
    if not folder.strip():
        raise _not_a_folder("''", "is no name")
    root = os.path.abspath(os.fsencode(folder))
    found: dict[str, bytes] = {}
    for prefix in ("", TESTS_FOLDER):
        path = os.path.join(root, os.fsencode(prefix)) if prefix else root
        try:
            entries = machine.list_directory(path)
        except NotADirectoryError:
            raise _not_a_folder(folder, "is a file") from None
        except FileNotFoundError:
            if prefix:
                continue
            raise _not_a_folder(folder, "does not exist") from None
        except OSError as error:
            raise _not_a_folder(folder, f"cannot be read: {error.strerror}") from None
        for entry in entries:
            relative = prefix + display(entry.name)
            if entry.kind == "directory" or not is_wanted(relative):
                continue
            if len(found) >= MOST_FILES:
                raise WeighbridgeError(
                    "E-policy-unreadable", f"{folder} holds more than {MOST_FILES} policy files.", "Name one policy."
                )
            found[relative] = _content(machine, os.path.join(path.rstrip(b"/"), entry.name), f"{folder}/{relative}")
    return found


def _content(machine: Machine, path: bytes, shown: str) -> bytes:
    try:
        return machine.read_file(path, _MOST_BYTES)
    except LimitReached:
        message, hint = f"{shown} is larger than {_MOST_BYTES >> 20} MB.", "Split it, or remove what is not policy."
    except OSError as error:
        message = f"{shown} cannot be read: {error.strerror or error}."
        hint = "Policy files are plain files that you may read; links are not followed."
    raise WeighbridgeError("E-policy-unreadable", message, hint)


def _not_a_folder(folder: str, why: str) -> WeighbridgeError:
    hint = did_you_mean(folder, BUILT_IN)
    if not hint.startswith("did you mean"):
        hint = "give a folder with a policy.yaml, or one of " + ", ".join(BUILT_IN)
    return WeighbridgeError("E-policy-missing", f"the policy {folder} {why}", hint)
