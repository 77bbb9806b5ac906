"""Three PostgreSQL servers that Patroni keeps as one cluster, over three etcd: programs of Debian's packages.

Source: Patroni documentation, "YAML Configuration Settings" (synchronous_mode: a commit is acknowledged once a second
server has it) and etcd's "Clustering Guide".
"""

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import httpx
import psycopg
from tests.fleet.postgresql import UnavailableError
from tests.fleet.server_process import free_port

PACKAGES = ("patroni", "etcd-server", "postgresql-15")
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
NODES = 3
_LIMIT = 180.0
_LEADER_SECONDS = 20


def install() -> None:
    """Install the packages where root may. Raises `UnavailableError` with the reason where they are missing."""
    if _is_complete():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise UnavailableError(f"needs Debian's packages {', '.join(PACKAGES)}, and root to install them")
    command = ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_LIMIT,
            check=False,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        )
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"Debian's packages did not install in {_LIMIT:.0f} s") from error
    if not _is_complete():
        raise UnavailableError(f"Debian's packages do not install: {done.stderr[-200:]}")


def _is_complete() -> bool:
    return bool(shutil.which("patroni")) and bool(shutil.which("etcd")) and (PROGRAMS / "postgres").exists()


class Cluster:
    """The cluster; it has a primary on return. `kill_primary` takes a whole node away at once."""

    def __init__(self) -> None:
        install()
        self.folder = Path(tempfile.mkdtemp(prefix="wb-ha-", dir="/tmp"))
        self._who = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self._who is not None:
            os.chown(self.folder, self._who.pw_uid, self._who.pw_gid)
        self.ports = [free_port() for _ in range(NODES)]
        self.rests = [free_port() for _ in range(NODES)]
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        try:
            self._start_etcd()
            for number in range(NODES):
                self._start(number)
            self.primary()
            connection = self._superuser()
            connection.execute("CREATE DATABASE fleet")
            connection.close()
            self._until(self._has_synchronous, "no standby became a synchronous one")
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """The address of the database, as `Store.open` takes it."""
        hosts = "&".join(f"host=127.0.0.1:{port}" for port in self.ports)
        return f"postgresql://postgres@/fleet?{hosts}&target_session_attrs=read-write&connect_timeout=3"

    def primary(self) -> int:
        """Return which node is the primary, once there is one."""
        found: list[int] = []

        def has_one() -> bool:
            for number, rest in enumerate(self.rests):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"http://127.0.0.1:{rest}/primary", timeout=5, trust_env=False).status_code == 200:
                        found.append(number)
                        return True
            return False

        self._until(has_one, "no node became primary")
        return found[-1]

    def kill_primary(self) -> int:
        """Take the primary away as a loss of power would: Patroni and PostgreSQL at once; return which it was."""
        self._until(self._has_synchronous, "no standby is a synchronous one")
        number = self.primary()
        process = self._processes[f"patroni-{number}"]
        pid = int((self.folder / f"pg-{number}" / "postmaster.pid").read_text().splitlines()[0])
        process.kill()
        process.wait(60)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return number

    def _start(self, number: int) -> None:
        path = self.folder / f"patroni-{number}.json"
        path.write_text(json.dumps(self._settings(number)))
        path.chmod(0o644)
        self._launch(f"patroni-{number}", ["patroni", str(path)])

    def close(self) -> None:
        """End everything and remove its files."""
        for name, process in reversed(self._processes.items()):
            # Told to stop, Patroni stops its PostgreSQL with it.
            process.send_signal(signal.SIGTERM if name.startswith("patroni") else signal.SIGKILL)
        for process in self._processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(30)
        for pid_file in self.folder.glob("pg-*/postmaster.pid"):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_etcd(self) -> None:
        peers, clients = ([free_port() for _ in range(NODES)] for _ in range(2))
        members = ",".join(f"n{number}=http://127.0.0.1:{port}" for number, port in enumerate(peers))
        self._etcd = [f"127.0.0.1:{port}" for port in clients]
        for number in range(NODES):
            peer, client = f"http://127.0.0.1:{peers[number]}", f"http://127.0.0.1:{clients[number]}"
            options = {
                "--name": f"n{number}",
                "--data-dir": str(self.folder / f"etcd-{number}"),
                "--listen-peer-urls": peer,
                "--initial-advertise-peer-urls": peer,
                "--listen-client-urls": client,
                "--advertise-client-urls": client,
                "--initial-cluster": members,
            }
            self._launch(f"etcd-{number}", ["etcd", *(part for pair in options.items() for part in pair)])

    def _settings(self, number: int) -> dict[str, object]:
        durable = {"fsync": "on", "synchronous_commit": "on", "max_connections": 60, "shared_buffers": "16MB"}
        everybody = [
            "local all all trust",
            "host all all 127.0.0.1/32 trust",
            "host replication all 127.0.0.1/32 trust",
        ]
        shared = {
            "ttl": _LEADER_SECONDS,
            "loop_wait": 2,
            "retry_timeout": 8,
            "maximum_lag_on_failover": 1 << 20,
            "synchronous_mode": True,
            "postgresql": {"use_pg_rewind": True, "parameters": durable},
        }
        return {
            "scope": "fleet",
            "name": f"n{number}",
            "restapi": {
                "listen": f"127.0.0.1:{self.rests[number]}",
                "connect_address": f"127.0.0.1:{self.rests[number]}",
            },
            "etcd3": {"hosts": self._etcd},
            "bootstrap": {"dcs": shared, "initdb": [{"encoding": "UTF8"}, {"locale": "C"}], "pg_hba": everybody},
            "postgresql": {
                "listen": f"127.0.0.1:{self.ports[number]}",
                "connect_address": f"127.0.0.1:{self.ports[number]}",
                "data_dir": str(self.folder / f"pg-{number}"),
                "bin_dir": str(PROGRAMS),
                "pgpass": str(self.folder / f"pgpass-{number}"),
                "authentication": {
                    "superuser": {"username": "postgres"},
                    "replication": {"username": "replicator"},
                    "rewind": {"username": "rewinder"},
                },
                "parameters": {"unix_socket_directories": str(self.folder)},
                "pg_hba": everybody,
            },
        }

    def _superuser(self) -> "psycopg.Connection[tuple[object, ...]]":
        hosts = ",".join("127.0.0.1" for _ in self.ports)
        return psycopg.connect(
            host=hosts,
            port=",".join(map(str, self.ports)),
            user="postgres",
            dbname="postgres",
            target_session_attrs="read-write",
            connect_timeout=5,
            autocommit=True,
        )

    def _has_synchronous(self) -> bool:
        """Tell whether Patroni knows a standby that has every commit, which alone may become primary."""
        for rest in self.rests:
            with contextlib.suppress(httpx.HTTPError, ValueError, KeyError):
                found = httpx.get(f"http://127.0.0.1:{rest}/cluster", timeout=5, trust_env=False).json()
                return any(member["role"] == "sync_standby" for member in found["members"])
        return False

    def _until(self, holds: "object", reason: str) -> None:
        assert callable(holds)
        end = time.monotonic() + _LIMIT
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"{reason}: {self._said()}")
            time.sleep(0.2)

    def _said(self) -> str:
        return "".join(path.read_text(errors="replace")[-600:] for path in sorted(self.folder.glob("*.log")))

    def _launch(self, name: str, command: list[str]) -> None:
        account: dict[str, object] = {}
        if self._who is not None:
            account = {"user": self._who.pw_uid, "group": self._who.pw_gid, "extra_groups": []}
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **account,
            )
