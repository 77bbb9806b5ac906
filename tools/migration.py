"""Write a migration from what the contexts declare and the migrations do not make yet.

    python tools/migration.py words that name it

A new file stands in src/weighbridge/fleet/migrations and in its list; read it, and see that the way back is one.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from weighbridge.fleet.migrate import LONGEST_NAME, migrate, names  # noqa: E402
from weighbridge.fleet.store import Store  # noqa: E402
from weighbridge.hub.schema import METADATA  # noqa: E402

FOLDER = ROOT / "src" / "weighbridge" / "fleet" / "migrations"


def main(words: list[str]) -> int:
    """Write the file and list it; returns the exit status."""
    if not words:
        print("say in words what changes", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open(f"sqlite:///{scratch}/fleet.db")
        migrate(store)
        with store.database.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            script = produce_migrations(context, METADATA)
        store.close()
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    if script.upgrade_ops.is_empty():
        print("the migrations make all that is declared", file=sys.stderr)
        return 1
    name = f"m{len(names()) + 1:04d}_{re.sub('[^a-z0-9]+', '_', ' '.join(words).lower())}"
    if len(name) > LONGEST_NAME:
        print(f"{name} is longer than {LONGEST_NAME} characters: say it in fewer words", file=sys.stderr)
        return 2
    up, down = (render_python_code(part, render_as_batch=True) for part in (script.upgrade_ops, script.downgrade_ops))
    text = _module(" ".join(words), _body(up), _body(down))
    (FOLDER / f"{name}.py").write_text(text)
    listed = ", ".join([*names(), name])
    index = FOLDER / "__init__.py"
    head = index.read_text().partition("from weighbridge")[0]
    index.write_text(
        f"{head}from weighbridge.fleet.migrations import {listed}\n\nMIGRATIONS = ({listed},)\n"
        '"""A revision is the name of its module."""\n'
    )
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(FOLDER)], check=True)
    print(f"written: {name}.py; read it")
    return 0


def _body(code: str) -> str:
    lines = [line for line in code.splitlines() if not line.strip().startswith(("#", "info="))]
    return "\n".join(lines)


def _module(words: str, up: str, down: str) -> str:
    return f'''"""{words[:1].upper()}{words[1:]}."""

import sqlalchemy as sa
from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Go forward."""
    {up.strip()}


def downgrade(op: Operations) -> None:
    """Go back."""
    {down.strip()}
'''


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
