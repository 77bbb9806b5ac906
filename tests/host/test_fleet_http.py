"""The way to the fleet server: a real one on loopback, with TLS, redirects, floods and silence."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from weighbridge.host.fleet_http import FleetClient, HttpError, TooLargeError, address_of, proxy_for


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.path, dict(self.headers), body))
        status, headers, content = self.server.answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Answering(ThreadingHTTPServer):
    daemon_threads = True
    answer: tuple[int, dict[str, str], bytes] = (200, {"X-Kind": "test"}, b"hello")

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, dict[str, str], bytes]] = []

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Answering]:
    made = Answering()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.shutdown()
    thread.join(60)
    made.server_close()


def client_of(server: Answering, scheme: str = "http", authorities: str | None = None) -> FleetClient:
    return FleetClient(f"{scheme}://127.0.0.1:{server.server_port}", authorities=authorities)


def certificate(tmp_path: Path) -> tuple[str, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "server.pem"
    path.write_bytes(private + pem.encode())
    return pem, path


@pytest.mark.parametrize(
    "url",
    [
        "",
        "fleet.example.com",
        "ftp://fleet.example.com",
        "file:///etc/passwd",
        "https://",
        "https://ada:secret@fleet.example.com",
        "https://fleet.example.com/path",
        "https://fleet.example.com/?q=1",
        "https://fleet.example.com:99999",
        "http://fleet.example.com",
        "http://10.0.0.7:8080",
        "https://fleet.exämple.com",
    ],
)
def test_addresses_that_must_not_be_used(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has) "):
        address_of(url)


def test_addresses() -> None:
    assert address_of("https://Fleet.example.com/").url == "https://fleet.example.com"
    assert address_of("http://localhost:8080").url == "http://localhost:8080"
    assert address_of("http://[::1]:8080").url == "http://[::1]:8080"


def test_a_post_arrives_as_it_was_sent(server: Answering) -> None:
    client = client_of(server)
    reply = client.post("/v1/sync", b"\0\1", {"Content-Encoding": "zstd", "X-A": "b"}, 100)
    client.close()
    assert (reply.status, reply.headers["x-kind"], reply.body) == (200, "test", b"hello")
    ((path, headers, body),) = server.seen
    assert (path, body, headers["Content-Encoding"], headers["X-A"]) == ("/v1/sync", b"\0\1", "zstd", "b")


def test_a_get_brings_what_is_there_and_no_more_than_was_asked_for(server: Answering) -> None:
    client = client_of(server)
    assert client.get("/v1/policy/timestamp.json", 5).body == b"hello"
    assert server.seen[0][0] == "/v1/policy/timestamp.json"
    with pytest.raises(TooLargeError, match="too large"):
        client.get("/v1/policy/timestamp.json", 4)
    client.close()


def test_no_redirect_is_followed(server: Answering) -> None:
    server.answer = (307, {"Location": "http://169.254.169.254/latest"}, b"")
    client = client_of(server)
    with pytest.raises(HttpError, match=r"169\.254"):
        client.post("/v1/sync", b"", {}, 100)
    client.close()
    assert len(server.seen) == 1


def test_an_answer_that_is_too_large_is_cut(server: Answering) -> None:
    server.answer = (200, {}, b"x" * 200_000)
    client = client_of(server)
    with pytest.raises(HttpError, match="too large"):
        client.post("/v1/sync", b"", {}, 100_000)
    client.close()


def test_errors_are_answers_too(server: Answering) -> None:
    server.answer = (503, {"Retry-After": "7"}, b"busy")
    client = client_of(server)
    assert client.post("/v1/sync", b"", {}, 100).headers["retry-after"] == "7"
    client.close()


def test_nobody_there_is_said_in_a_few_words() -> None:
    unused = Answering()
    port = unused.server_port
    unused.server_close()
    client = FleetClient(f"http://127.0.0.1:{port}")
    with pytest.raises(HttpError, match="refused"):
        client.post("/v1/sync", b"", {}, 100)
    client.close()


def test_tls_needs_a_certificate_that_is_trusted(server: Answering, tmp_path: Path) -> None:
    pem, path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    trusting = client_of(server, "https", pem)
    assert trusting.post("/v1/sync", b"", {}, 100).body == b"hello"
    trusting.close()
    doubting = client_of(server, "https")
    with pytest.raises(HttpError, match=r"^its certificate does not hold: "):
        doubting.post("/v1/sync", b"", {}, 100)
    doubting.close()


def test_certificates_and_proxies_that_are_none() -> None:
    with pytest.raises(ValueError, match="PEM"):
        FleetClient("https://fleet.example.com", authorities="no certificate")
    with pytest.raises(ValueError, match="proxy"):
        FleetClient("https://fleet.example.com", proxy="socks5://x")


def test_the_proxy_of_the_surroundings_is_used_but_not_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):  # where the tests themselves need a proxy
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "intern.example")
    assert proxy_for(address_of("https://fleet.example.com")) == "http://proxy.example:3128"
    assert proxy_for(address_of("https://fleet.intern.example")) is None
    assert proxy_for(address_of("http://127.0.0.1:8080")) is None


def test_requests_go_through_the_proxy(server: Answering) -> None:
    proxy = f"http://127.0.0.1:{server.server_port}"
    client = FleetClient("http://localhost:9", proxy=proxy)
    assert client.post("/v1/sync", b"", {}, 100).body == b"hello"
    client.close()
    assert server.seen[0][0] == "http://localhost:9/v1/sync"
