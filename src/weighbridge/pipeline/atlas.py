"""The lineage atlas: sketches of models that this machine knows, in the state folder.

`wb lineage add` fills it; scans and `wb lineage` compare with it. Nothing leaves the machine.
"""

from weighbridge.host.machine import Machine
from weighbridge.host.state import StateDatabase, StateError
from weighbridge.lineage.sketch import Sketch
from weighbridge.lineage.sketch_text import from_bytes, to_bytes
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

NAME = "lineage"
MOST_ENTRIES = 10_000
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS models (name TEXT PRIMARY KEY, license TEXT, sha256 TEXT, path BLOB, sketch BLOB)",
    "CREATE TABLE IF NOT EXISTS seen (sha256 TEXT PRIMARY KEY, sketch BLOB)",
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


class Atlas:
    """The models that are known. Changing it raises `WeighbridgeError` (`E-atlas`) where it cannot be kept."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def models(self) -> tuple[Known, ...]:
        """Return all entries by name; those of another version are left out."""
        statement = "SELECT name, license, sha256, path, sketch FROM models ORDER BY name LIMIT ?"
        try:
            rows = self._database.query(statement, (MOST_ENTRIES,))
        except StateError:
            return ()
        found = []
        for name, license_id, sha256, path, content in rows:
            kept = from_bytes(content) if isinstance(content, bytes) else None
            if kept is not None and isinstance(name, str) and isinstance(path, bytes):
                found.append(
                    Known(
                        name=name,
                        license=license_id if isinstance(license_id, str) else None,
                        sha256=sha256 if isinstance(sha256, str) else None,
                        path=path,
                        sketch=kept,
                    )
                )
        return tuple(found)

    def add(self, known: Known) -> None:
        """Keep a model; one of the same name is replaced."""
        row = (known.name, known.license, known.sha256, known.path, to_bytes(known.sketch))
        self._write("INSERT OR REPLACE INTO models VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, name: str) -> bool:
        """Remove a model; tells whether there was one of that name."""
        there = any(known.name == name for known in self.models())
        self._write("DELETE FROM models WHERE name = ?", (name,))
        return there

    def seen(self, sha256: str) -> Sketch | None:
        """Return the sketch that was made of these bytes in an earlier run."""
        try:
            rows = self._database.query("SELECT sketch FROM seen WHERE sha256 = ?", (sha256,))
        except StateError:
            return None
        return from_bytes(rows[0][0]) if rows and isinstance(rows[0][0], bytes) else None

    def keep_seen(self, sha256: str, kept: Sketch) -> None:
        """Keep a sketch for later runs; a memory that cannot be written is no trouble."""
        try:
            self._database.write("INSERT OR REPLACE INTO seen VALUES (?, ?)", [(sha256, to_bytes(kept))])
        except StateError:
            return

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _write(self, statement: str, row: tuple[str | bytes | None, ...]) -> None:
        trouble = self._database.trouble
        if trouble is None:
            try:
                self._database.write(statement, [row])
            except StateError as error:
                trouble = str(error)
        if trouble is not None:
            raise WeighbridgeError(
                "E-atlas", f"the lineage atlas cannot be written: {trouble}", "check the state folder with `wb doctor`"
            )


def open_atlas(machine: Machine) -> Atlas:
    """Return the atlas of `machine`; an empty one is made if there is none."""
    return Atlas(machine.state_database(NAME, _SCHEMA))
