"""`wb serve` as people start it; what it answers is tried in tests/fleet and tests/console."""

import importlib.util
import ssl
import subprocess
import sys

import httpx
import pytest
from tests.cli_runs import wb
from tests.fleet.certificates import self_signed
from tests.fleet.server_process import ServerProcess, free_port

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def database(tmp_path):
    return f"sqlite:///{tmp_path}/fleet.db"


@posix
def test_the_first_administrator_comes_in_by_the_printed_link_and_the_server_ends_in_order(database, tmp_path):
    server = ServerProcess(database, tmp_path / "state")
    form = server.sign_in()
    made = server.client.post("/api/v1/accounts", json={"name": "ada", "role": "viewer"}, headers=form)
    assert made.status_code == 201
    assert server.client.get("/health/ready").json() == {"status": "ok"}
    assert server.stop() == 0
    text = "".join(server.lines)
    assert "✓ serving  http://127.0.0.1:" in text
    assert "everything that was acknowledged is stored" in text
    assert "Traceback" not in text
    again = ServerProcess(database, tmp_path / "state")
    assert not any("/sign-in/" in line for line in again.lines), "somebody was let in already"
    again.stop()


@posix
def test_it_speaks_tls_and_binds_its_cookie_to_the_host(database, tmp_path):
    certificate, key = self_signed(tmp_path)
    server = ServerProcess(database, tmp_path / "state", "--tls-certificate", certificate, "--tls-key", key)
    context = ssl.create_default_context(cafile=certificate)
    assert "https://127.0.0.1" in "".join(server.lines)
    with httpx.Client(base_url=f"https://127.0.0.1:{server.port}", verify=context, trust_env=False) as client:
        secret = next(line for line in server.lines if "/sign-in/" in line).split("/sign-in/")[1].split()[0]
        began = client.post("/api/v1/session/link", json={"secret": secret})
        assert began.headers["set-cookie"].startswith("__Host-weighbridge=")
        assert "Secure" in began.headers["set-cookie"]
        assert "strict-transport-security" in began.headers
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname = False
    old.verify_mode = ssl.CERT_NONE
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        httpx.Client(base_url=f"https://127.0.0.1:{server.port}", verify=old, trust_env=False) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("/health/live")
    server.stop()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--listen", "0.0.0.0:8480"), "E-serve-public"),
        (("--listen", "here"), "E-serve-settings"),
        (("--config", "missing.toml"), "E-serve-settings"),
        (("--tls-certificate", "missing.pem"), "E-serve-settings"),
        (("--listen", "127.0.0.1:PORT", "--tls-certificate", "missing.pem", "--tls-key", "missing.pem"), "E-serve-tls"),
        (("--database", "mysql://host/name"), "E-store-url"),
        (("--proxy", "everybody"), "E-serve-settings"),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(tmp_path, monkeypatch, arguments, code):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    status, _, said = wb("serve", *(one.replace("PORT", str(free_port())) for one in arguments))
    assert code in said
    assert status == 2


def test_a_port_that_is_taken(database, monkeypatch, tmp_path):
    import socket

    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        status, _, said = wb("serve", "--database", database, "--listen", f"127.0.0.1:{port}")
    assert "E-port-taken" in said
    assert status == 2


def test_a_plain_installation_says_what_to_type(monkeypatch, tmp_path):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "granian" else real(name, *more)
    )
    for command in (("serve",), ("fleet", "sign-in"), ("fleet", "backup", "x"), ("fleet", "restore", "x")):
        status, _, said = wb(*command)
        assert "E-serve-extra" in said
        assert "granian" in said
        assert "pip install 'weighbridge[server]'" in said
        assert status == 2


def test_settings_come_from_the_file_that_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))
    config = tmp_path / "fleet.toml"
    config.write_text('listen = "127.0.0.1:8480"\nlisten_to = "me"\n')
    _, _, said = wb("serve", "--config", str(config))
    assert "line 2" in said
    assert "did you mean `listen`?" in said


def test_the_rest_of_the_program_does_not_load_the_server(tmp_path):
    """The endpoint does not pay for the server."""
    code = (
        "import sys; sys.argv = ['wb', 'serve', '--help'];"
        "import contextlib, io;"
        "from weighbridge.cli.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main()\n"
        "print([name for name in ('litestar', 'sqlalchemy', 'granian', 'alembic', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
