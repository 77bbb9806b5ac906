import pytest
from tests.house.files import ROOT

from weighbridge.fleet.permissions import Role
from weighbridge.fleet.settings import PREFIX, Settings, granted_by, read_settings, split_address
from weighbridge.model.errors import WeighbridgeError


def _refusal(**arguments):
    with pytest.raises(WeighbridgeError) as caught:
        read_settings(**arguments)
    return caught.value


def test_what_is_usual_stays_on_this_machine():
    settings = read_settings()
    assert settings == Settings()
    assert (settings.host, settings.port, settings.tls, settings.secure) == ("127.0.0.1", 8480, False, False)
    assert settings.origin == "http://127.0.0.1:8480"


def test_flags_go_over_the_environment_over_the_file():
    file = b'listen = "127.0.0.1:1"\nlog = "json"\nsession_hours = 8\n'
    environment = {f"{PREFIX}LISTEN": "127.0.0.1:2", f"{PREFIX}SESSION_HOURS": "9", "HOME": "/home/ada"}
    flags = {"listen": "[::1]:3", "log": None, "without_tls": False, "proxies": ()}
    settings = read_settings("fleet.toml", file, environment, flags)
    assert (settings.listen, settings.session_hours, settings.log) == ("[::1]:3", 9, "json")
    assert settings.origin == "http://[::1]:3"


def test_lists_and_truths_in_the_environment():
    environment = {f"{PREFIX}PROXIES": "10.0.0.0/8, ::1", f"{PREFIX}WITHOUT_TLS": "true", f"{PREFIX}LISTEN": "0.0.0.0"}
    settings = read_settings(environment=environment)
    assert settings.proxies == ("10.0.0.0/8", "::1")
    assert settings.without_tls is True
    assert settings.port == 8480


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'# one\ndatabse = "x"\n', ("line 2", "databse", "did you mean `database`")),
        (b'listen = "127.0.0.1"\n\nsession_hours = "long"\n', ("line 3", "session_hours")),
        (b"session_hours = 0\n", ("line 1", "session_hours", "1")),
        (b"log = 'loud'\n", ("line 1", "log", "loud")),
        (b"[server]\nlisten = '127.0.0.1'\n", ("line 1", "server")),
        (b"listen = \n", ("not TOML", "line 1")),
        (b"\xff\xfe", ("not TOML",)),
        (b"listen = '127.0.0.1:99999'\n", ("line 1", "listen", "65535")),
        (b"listen = 'fleet.example.com:80'\n", ("line 1", "listen")),
        (b"proxies = ['10.0.0.1/8']\n", ("line 1", "proxies", "10.0.0.1/8")),
        (b"proxies = [1]\n", ("line 1", "proxies")),
        (b"upstream_token_origins = ['a.example']\n", ("line 1", "upstream_token_origins", "a.example")),
        (b"url = 'fleet.example.com'\n", ("line 1", "url")),
        (b"url = 'https://ada@fleet.example.com'\n", ("line 1", "url")),
        (b"url = 'https://fleet.example.com/path'\n", ("line 1", "url")),
        (b"tls_certificate = 'cert.pem'\n", ("tls_key",)),
        (b"tls_certificate = 'a'\ntls_key = 'b'\nurl = 'http://fleet.example.com'\n", ("line 3", "TLS")),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(content, words):
    error = _refusal(file="fleet.toml", content=content)
    assert error.code == "E-serve-settings"
    for word in words:
        assert word in error.message + " " + error.hint


def test_a_variable_that_does_not_fit_is_named():
    assert f"{PREFIX}SESSION_HOURS" in _refusal(environment={f"{PREFIX}SESSION_HOURS": "many"}).message
    assert f"{PREFIX}LISTN" in _refusal(environment={f"{PREFIX}LISTN": "x"}).message


@pytest.mark.parametrize("listen", ["0.0.0.0:8480", "[::]:8480", "192.0.2.7", "203.0.113.5:443"])
def test_a_public_address_needs_encryption(listen):
    assert _refusal(flags={"listen": listen}).code == "E-serve-public"
    assert read_settings(flags={"listen": listen, "without_tls": True}).listen == listen
    own = read_settings(flags={"listen": listen, "tls_certificate": "c", "tls_key": "k"})
    assert own.secure


@pytest.mark.parametrize("listen", ["127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "localhost:1"])
def test_loopback_needs_none(listen):
    assert read_settings(flags={"listen": listen}).listen == listen


def test_a_proxy_in_front_makes_it_secure():
    settings = read_settings(flags={"listen": "0.0.0.0:80", "without_tls": True, "url": "https://fleet.example.com/"})
    assert settings.secure
    assert settings.origin == "https://fleet.example.com"


def test_addresses_are_split():
    assert split_address("[::1]:80") == ("::1", 80)
    assert split_address("localhost") == ("localhost", 8480)
    for wrong in ("", ":80", "[::1", "::1", "1.2.3.4:", "1.2.3.4:x", "1.2.3.4:-1", "1.2.3.4:０80", "host:1"):
        with pytest.raises(ValueError):
            split_address(wrong)


def test_every_setting_is_on_the_page_that_tells_of_them():
    page = (ROOT / "docs/howto/run-a-fleet-server.md").read_text(encoding="utf-8")
    for name in Settings.__struct_fields__:
        assert f"`{name}`" in page, name


PROVIDER = {
    "oidc_issuer": "https://login.example.com/realms/staff",
    "oidc_client_id": "weighbridge",
    "oidc_roles": {"ai": "analyst in emea, apac"},
}


def test_an_identity_provider_by_variables():
    given = {
        "WEIGHBRIDGE_SERVE_OIDC_ISSUER": PROVIDER["oidc_issuer"],
        "WEIGHBRIDGE_SERVE_OIDC_CLIENT_ID": "weighbridge",
        "WEIGHBRIDGE_SERVE_OIDC_ROLES": '{"ai": "analyst"}',
        "WEIGHBRIDGE_SERVE_OIDC_SCOPES": "openid, groups",
    }
    read = read_settings(environment=given)
    assert (read.oidc_roles, read.oidc_scopes) == ({"ai": "analyst"}, ("openid", "groups"))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"oidc_issuer": ""}, "oidc_issuer"),
        ({"oidc_issuer": "http://login.example.com"}, "no issuer"),
        ({"oidc_issuer": "https://login.example.com/?x"}, "no issuer"),
        ({"oidc_client_id": ""}, "oidc_client_id"),
        ({"oidc_scopes": ("profile",)}, "openid"),
        ({"oidc_roles": {}}, "oidc_roles"),
        ({"oidc_roles": {"ai": "king"}}, "king"),
        ({"oidc_roles": {"ai": "owner"}}, "owner"),
        ({"oidc_roles": {"ai": "analyst in "}}, "analyst in"),
        ({"oidc_default_role": "king"}, "king"),
    ],
)
def test_an_identity_provider_that_cannot_be(change, named):
    with pytest.raises(WeighbridgeError) as caught:
        read_settings(flags=PROVIDER | change)
    assert caught.value.code == "E-serve-settings"
    assert named in caught.value.message


def test_roles_that_are_no_json():
    with pytest.raises(WeighbridgeError, match="no JSON object"):
        read_settings(environment={"WEIGHBRIDGE_SERVE_OIDC_ROLES": "ai=analyst"})


def test_what_a_role_grants():
    assert granted_by("analyst") == (Role.ANALYST, None)
    assert granted_by("viewer in emea, apac") == (Role.VIEWER, ("emea", "apac"))
