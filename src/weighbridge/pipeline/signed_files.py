"""The files of a model as a signature lists them: names relative to the model, links seen through or refused.

Source: OMS 1.0, section 6.1.
"""

from collections.abc import Collection

from weighbridge.discover.folder import separator
from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.place import display
from weighbridge.model.record import draft
from weighbridge.signing.manifest import is_ignored
from weighbridge.signing.verification import Kind, Problem

_MOST_FILES = 200_000
_DEEPEST = 100


@draft
class Listing:
    """Files by name, with what stands in the way of listing the rest."""

    files: dict[str, bytes]
    """Name in the signature to the path of the regular file that holds the content."""
    problems: list[Problem]
    links: bool = False
    """Whether any of the files is reached through a symbolic link."""
    single: bool = False
    """Whether the model is one file."""


def list_files(
    machine: Machine,
    path: bytes,
    ignored: tuple[str, ...],
    *,
    follow_links: bool,
    signature: bytes | None = None,
    listed: Collection[str] = (),
) -> Listing:
    """Return the files of a model, ignored ones left out.

    Args:
        machine: where.
        path: a file or a folder, absolute.
        ignored: paths relative to the model, beside those that are always ignored.
        follow_links: whether a link to a file stands for its content.
        signature: path of the signature file, which is not part of the model.
        listed: names that count although they are ignored.

    Raises:
        WeighbridgeError: `E-path-missing` if there is nothing, `E-model-unreadable` if a folder cannot be listed.
    """
    found = Listing(files={}, problems=[])
    try:
        real = machine.resolve(path)
        entries = machine.list_directory(real)
    except NotADirectoryError:
        found.files[_text(path.rsplit(separator(machine), 1)[-1])] = real
        found.single = True
        return found
    except OSError as error:
        raise _unreadable(path, error) from None
    waiting = [(real, "", 0, entries)]
    while waiting:
        folder, prefix, depth, entries = waiting.pop()
        for entry in entries:
            inner = folder + separator(machine) + entry.name
            name = prefix + _text(entry.name)
            if inner == signature or (is_ignored(name, ignored) and not _is_wanted(name, listed)):
                continue
            if entry.kind == "directory" and depth < _DEEPEST:
                try:
                    waiting.append((inner, name + "/", depth + 1, machine.list_directory(inner)))
                except OSError as error:
                    raise _unreadable(inner, error) from None
            elif entry.kind == "file":
                _add(found, name, entry.name, inner)
            elif entry.kind == "link" and follow_links:
                _follow(machine, found, name, entry.name, inner)
            else:
                found.problems.append(Problem(kind=Kind.LINK, path=name, reason=_odd(entry.kind)))
            if len(found.files) > _MOST_FILES:
                raise WeighbridgeError(
                    "E-model-unreadable", f"more than {_MOST_FILES:,} files are no model", "give the model's own folder"
                )
    return found


def _follow(machine: Machine, found: Listing, name: str, raw: bytes, path: bytes) -> None:
    try:
        target = machine.resolve(path)
        machine.list_directory(target)
    except NotADirectoryError:
        found.links = True
        _add(found, name, raw, target)
    except OSError:
        found.problems.append(Problem(kind=Kind.LINK, path=name, reason="is a link that leads nowhere"))
    else:
        # What lies below a linked folder would be signed by nobody: the reference implementation passes it over.
        found.problems.append(Problem(kind=Kind.LINK, path=name, reason="is a link to a folder, which is not signed"))


def _add(found: Listing, name: str, raw: bytes, path: bytes) -> None:
    if _text(raw).encode("utf-8", "replace") != raw:
        reason = "has a name that is not UTF-8, so no signature can name it"
        found.problems.append(Problem(kind=Kind.UNREADABLE, path=name, reason=reason))
    else:
        found.files[name] = path


def _is_wanted(name: str, listed: Collection[str]) -> bool:
    return name in listed or any(one.startswith(name + "/") for one in listed)


def _odd(kind: str) -> str:
    if kind == "link":
        return "is a symbolic link, and links are not followed here"
    return "is nested too deep" if kind == "directory" else "is no file (a pipe, socket or device)"


def _text(name: bytes) -> str:
    return display(name)


def _unreadable(path: bytes, error: OSError) -> WeighbridgeError:
    return WeighbridgeError(
        "E-model-unreadable",
        f"{display(path)} cannot be read: {(error.strerror or str(error)).lower()}",
        "check that it exists and that you may read it",
    )
