"""The lineage atlas: sketches of models that this machine knows, in the state folder.

`wb lineage add` fills it; scans and `wb lineage` compare with it. Nothing leaves the machine. It is the person's own:
scans never write it, and a damaged file is left as it is and said.
"""

from dataclasses import replace

from weighbridge.host.kept import DamagedError, KeptDatabase
from weighbridge.host.machine import Machine
from weighbridge.host.state import StateError
from weighbridge.lineage.sketch import Sketch
from weighbridge.lineage.sketch_text import from_bytes, to_bytes
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.place import display
from weighbridge.model.record import record

NAME = "lineage"
MOST_ENTRIES = 10_000
UNREADABLE = "its sketch is damaged or from another version; `wb lineage add` it again"
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS models (name TEXT PRIMARY KEY, license TEXT, sha256 TEXT, path BLOB, sketch BLOB)",
)


@record
class Known:
    """One model of the atlas."""

    name: str
    license: str | None
    """As whoever added it said."""
    sha256: str | None
    """Of its file; None for a model in several parts."""
    path: bytes
    sketch: Sketch


@record
class Entries:
    """What the atlas holds."""

    models: tuple[Known, ...]
    """By name."""
    unreadable: tuple[str, ...] = ()
    """Names of models whose sketch is damaged or from another version; they must be added again."""


class Atlas:
    """The models that are known. What cannot be done raises `WeighbridgeError` (`E-atlas`).

    Args:
        database: what holds it.
        path: where it lies, for messages.
    """

    def __init__(self, database: KeptDatabase, path: bytes) -> None:
        self._database = database
        self._path = path

    def entries(self) -> Entries:
        """Return what is known."""
        statement = "SELECT name, license, sha256, path, sketch FROM models ORDER BY name LIMIT ?"
        try:
            rows = self._database.query(statement, (MOST_ENTRIES,))
        except StateError as error:
            raise self._error("read", error) from error
        found, unreadable = [], []
        shared = _Shared()
        for name, license_id, sha256, path, content in rows:
            kept = from_bytes(content) if isinstance(content, bytes) else None
            if kept is None or not isinstance(name, str) or not isinstance(path, bytes):
                unreadable.append(str(name))
                continue
            found.append(
                Known(
                    name=name,
                    license=license_id if isinstance(license_id, str) else None,
                    sha256=sha256 if isinstance(sha256, str) else None,
                    path=path,
                    sketch=shared.like(kept),
                )
            )
        return Entries(models=tuple(found), unreadable=tuple(unreadable))

    def add(self, *models: Known) -> None:
        """Keep models, all or none; one of the same name is replaced."""
        try:
            rows = self._database.query("SELECT name FROM models")
            if len({name for (name,) in rows} | {known.name for known in models}) > MOST_ENTRIES:
                raise WeighbridgeError(
                    "E-atlas",
                    f"the lineage atlas holds at most {MOST_ENTRIES} models",
                    "make room with `wb lineage forget NAME`",
                )
            self._database.write(
                "INSERT OR REPLACE INTO models VALUES (?, ?, ?, ?, ?)",
                [(known.name, known.license, known.sha256, known.path, to_bytes(known.sketch)) for known in models],
            )
        except StateError as error:
            raise self._error("written", error) from error

    def forget(self, name: str) -> bool:
        """Remove a model; tells whether there was one of that name."""
        try:
            # Looking first makes no file where there is none.
            there = self._database.query("SELECT 1 FROM models WHERE name = ?", (name,))
            return bool(there) and self._database.write("DELETE FROM models WHERE name = ?", [(name,)]) > 0
        except StateError as error:
            raise self._error("written", error) from error

    def _error(self, done: str, error: StateError) -> WeighbridgeError:
        where = display(self._path)
        if isinstance(error, DamagedError):
            return WeighbridgeError(
                "E-atlas",
                f"the lineage atlas is damaged ({error}); it was left as it is",
                f"put a backup in place of {where}, or move it away and add the models again with `wb lineage add`",
            )
        return WeighbridgeError(
            "E-atlas", f"the lineage atlas cannot be {done}: {error}", f"look at {where}, or ask `wb doctor`"
        )


class _Shared:
    """Makes sketches of one architecture hold the same names and sizes: 10,000 models in a fraction of the memory."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._sizes: dict[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] = {}

    def like(self, sketch: Sketch) -> Sketch:
        """Return an equal sketch."""
        return replace(
            sketch,
            names=self._names.setdefault(sketch.names, sketch.names),
            dtypes=self._names.setdefault(sketch.dtypes, sketch.dtypes),
            dimensions=self._sizes.setdefault(sketch.dimensions, sketch.dimensions),
        )


def atlas_path(machine: Machine) -> bytes:
    """Return where the atlas of `machine` lies, if there is one."""
    return machine.state_folder + (b"\\" if machine.platform == "windows" else b"/") + NAME.encode() + b".sqlite"


def open_atlas(machine: Machine) -> Atlas:
    """Return the atlas of `machine`; the first model that is added makes its file."""
    return Atlas(machine.kept_database(NAME, _SCHEMA), atlas_path(machine))
