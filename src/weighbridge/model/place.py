"""Where an artifact lies on an endpoint. Paths are bytes: endpoints hold names that are not UTF-8."""

from weighbridge.model.record import record


def display(path: bytes) -> str:
    r"""Return `path` for a person: UTF-8, with undecodable bytes as `\xNN`."""
    return path.decode("utf-8", "backslashreplace")


def is_exact(path: bytes) -> bool:
    """Tell whether `display(path)` loses nothing, so that no exact bytes must be carried beside it."""
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@record
class Place:
    """One path at which an artifact was seen."""

    path: bytes
    """Absolute path, exact bytes."""
    member: str | None = None
    """Path inside the archive at `path`; nested archives are joined with `!/`."""
    store: str | None = None
    """Id of the known store that the path belongs to (`huggingface`, `ollama`, ...)."""
    store_name: str | None = None
    """What the store calls it: `org/name@revision`, `library/llama3:8b`."""
    link: bool = False
    """Whether the path is a symbolic link to another place."""
