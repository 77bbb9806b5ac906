"""How a server runs: flags over the environment over a TOML file over what is usual.

Every setting has one name: `session_hours` in the file, `WEIGHBRIDGE_SERVE_SESSION_HOURS` in the environment, and
`--session-hours` where there is a flag. What does not fit is refused with its place and a hint, never passed over.
"""

import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from weighbridge.fleet.permissions import Role
from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.nearest import did_you_mean

PREFIX = "WEIGHBRIDGE_SERVE_"
PORT = 8480
_LARGEST_FILE = 1 << 20
_NETWORKS = ("proxies", "export_networks", "upstream_networks")
_LISTS = (*_NETWORKS, "oidc_scopes", "upstream_token_origins")
_KEY = re.compile(r"\$\.?(\w*)")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a server is told. Paths are as the person wrote them."""

    listen: str = f"127.0.0.1:{PORT}"
    """Address and port."""
    url: str = ""
    """The origin under which people and endpoints reach the server: `https://fleet.example.com`."""
    database: str = ""
    """`sqlite:///path` or `postgresql://user@host/name`; a file in the state folder if empty."""
    tls_certificate: str = ""
    """File with the certificate and its chain (PEM)."""
    tls_key: str = ""
    """File with its key (PEM)."""
    without_tls: bool = False
    """Listen on a public address without TLS, because something in front of it does that."""
    proxies: tuple[str, ...] = ()
    """Networks whose word on who a client is is taken (X-Forwarded-For): `10.0.0.0/8`."""
    export_networks: tuple[str, ...] = ()
    """Networks that are not public and yet may be reached by what is exported: `10.1.0.0/16`."""
    session_idle_minutes: Annotated[int, Meta(ge=1, le=10_080)] = 60
    session_hours: Annotated[int, Meta(ge=1, le=720)] = 12
    requests_per_minute: Annotated[int, Meta(ge=1, le=1_000_000)] = 600
    """For one account or token, counted by each server process."""
    sign_ins_per_minute: Annotated[int, Meta(ge=1, le=10_000)] = 10
    """Attempts for one account, and from one address, counted by all servers of the database together."""
    local_sign_in: Literal["everyone", "administrators"] = "everyone"
    """Who may sign in with name and password: with an identity provider, best administrators alone."""
    oidc_issuer: str = ""
    """The identity provider, as it names itself: `https://login.example.com/realms/staff`. Empty for none."""
    oidc_client_id: str = ""
    oidc_client_secret_file: str = ""
    """File with the secret of this client; empty for a client without one."""
    oidc_authorities: str = ""
    """File with certificates (PEM) that are trusted for the provider instead of the system's."""
    oidc_name: str = "your organization"
    """What the button says after `Sign in with`."""
    oidc_scopes: tuple[str, ...] = ("openid", "profile", "email")
    oidc_groups: str = "groups"
    """The claim that holds the groups of a person."""
    oidc_roles: dict[str, str] = {}
    """What a group of the provider may here: `analyst`, or `analyst in emea, apac` for endpoints of these groups."""
    oidc_default_role: str = ""
    """What people of the provider may whose groups have no role; empty for nothing."""
    blob_store: str = ""
    """Where the hub keeps the bytes of models: a folder, or `s3://bucket/prefix`; a folder in the state folder if
    empty."""
    hub_open: bool = False
    """Whether approved models are served to whoever reaches the hub, without an account."""
    upstream: str = ""
    """Where requested models are fetched from, as `https://models.example.com`; empty: nothing is ever fetched."""
    upstream_networks: tuple[str, ...] = ()
    """Networks that are not public and yet may be fetched from: `10.1.0.0/16`."""
    upstream_kind: Literal["huggingface", "oci"] = "huggingface"
    """Which protocol is spoken there."""
    upstream_token_file: str = ""
    """File with a token that is sent there, and nowhere else."""
    upstream_token_origins: tuple[str, ...] = ()
    """Where else a registry may send this hub for a token that everybody gets: `https://auth.example.com`."""
    upstream_on_demand: bool = False
    """Whether a client that asks for a model which is not there makes a request by that; otherwise people do."""
    hub_approve_by_policy: bool = True
    """Whether what is clean, permissive and safe in its format is approved by the policy alone."""
    hub_four_eyes: bool = True
    """Whether nobody may approve what they brought or asked for themselves."""
    hub_quota_gb: Annotated[float, Meta(ge=0, le=1e6)] = 500.0
    """How much one account may take in the hub with what nobody approved yet, unfinished uploads included; 0: as much
    as there is room for."""
    hub_keep_free_gb: Annotated[float, Meta(ge=0, le=1e6)] = 5.0
    """How much stays free on the disk that the hub keeps its bytes on, or 5 % of it if that is less."""
    log: Literal["text", "json"] = "text"
    managed_by_files: bool = False
    """Whether what `wb fleet apply` manages can be changed by files alone, not by the console or the API."""

    @property
    def host(self) -> str:
        """The address to listen on, without brackets."""
        return split_address(self.listen)[0]

    @property
    def port(self) -> int:
        """The port to listen on."""
        return split_address(self.listen)[1]

    @property
    def tls(self) -> bool:
        """Whether the server speaks TLS itself."""
        return bool(self.tls_certificate)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the server over TLS, by itself or by what is in front of it."""
        return self.origin.startswith("https://")

    @property
    def origin(self) -> str:
        """The origin that browsers see."""
        if self.url:
            return self.url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


def read_settings(
    file: str | None = None,
    content: bytes = b"",
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Settings:
    """Return what a server is told.

    Args:
        file: what to call the file in messages; None without one.
        content: the whole file.
        environment: variables; only those that begin with `PREFIX` matter.
        flags: settings given on the command line; None and empty tuples are not given.

    Raises:
        WeighbridgeError: `E-serve-settings`, with file and line, variable or flag; `E-serve-public` for a public
            address without TLS.
    """
    hints = get_type_hints(Settings, include_extras=True)
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for name, value in _table(file, content).items():
        place = f"{file}, line {_line(content, name)}"
        if name not in hints:
            raise _refused(f"{place}: there is no setting `{name}`", did_you_mean(name, hints))
        values[name], places[name] = _converted(value, hints[name], place, name, strict=True), place
    for variable, text in (environment or {}).items():
        name = variable.removeprefix(PREFIX).lower()
        if not variable.startswith(PREFIX):
            continue
        if name not in hints:
            near = did_you_mean(name, hints)
            raise _refused(f"there is no setting `{name}` for the variable {variable}", near)
        given: object = text
        if name in _LISTS:
            given = tuple(part.strip() for part in text.split(",") if part.strip())
        elif name == "oidc_roles":
            given = _pairs(text, variable)
        values[name], places[name] = _converted(given, hints[name], variable, name, strict=False), variable
    for name, value in (flags or {}).items():
        if value not in (None, (), False):
            flag = f"--{name.replace('_', '-')}"
            values[name], places[name] = _converted(value, hints[name], flag, name, strict=True), flag
    settings = Settings(**values)
    _check(settings, places)
    return settings


def granted_by(text: str) -> tuple[Role, tuple[str, ...] | None]:
    """Return the role and the groups of `analyst` or `analyst in emea, apac`; None for all. Raises ValueError."""
    name, within, rest = text.partition(" in ")
    role = Role(name.strip())
    if role is Role.OWNER:
        raise ValueError("an owner is the person of one endpoint")
    groups = tuple(one.strip() for one in rest.split(",") if one.strip())
    if within and not groups:
        raise ValueError("no group is named")
    return role, groups if within else None


def split_address(listen: str) -> tuple[str, int]:
    """Return host and port of `127.0.0.1:8480`, `[::1]:8480`, `localhost:8480` or a host alone. Raises ValueError."""
    if listen.startswith("["):
        host, closed, rest = listen[1:].partition("]")
        host = host if closed else ""
    else:
        host, colon, tail = listen.partition(":")
        rest = colon + tail
    if not host or (rest and not re.fullmatch(r":\d{1,5}", rest, re.ASCII)):
        raise ValueError("write HOST:PORT, with brackets around an IPv6 address")
    port = int(rest[1:]) if rest else PORT
    if not 0 < port < 65_536:
        raise ValueError("a port lies between 1 and 65535")
    if host != "localhost":
        ip_address(host)
    return host, port


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    return host == "localhost" or ip_address(host).is_loopback


def _table(file: str | None, content: bytes) -> dict[str, Any]:
    if file is None:
        return {}
    if len(content) > _LARGEST_FILE:
        raise _refused(f"{file} is larger than any settings", "give the file that holds the settings")
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _refused(
            f"{file} is not TOML: {error}", 'a setting is a line like `listen = "127.0.0.1:8480"`'
        ) from error


def _line(content: bytes, name: str) -> int:
    for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
        if re.match(rf"""\s*\[*["']?{re.escape(name)}["']?\s*[=.\]]""", line):
            return number
    return 1


def _converted(value: object, hint: Any, place: str, name: str, *, strict: bool) -> Any:  # noqa: ANN401  (types)
    try:
        return msgspec.convert(value, hint, strict=strict)
    except msgspec.ValidationError as error:
        said = _KEY.sub("", str(error)).replace(" - at ``", "").strip()
        raise _refused(
            f"{place}: `{name}` does not fit: {said}", "docs/howto/run-a-fleet-server.md lists all"
        ) from error


def _check(settings: Settings, places: Mapping[str, str]) -> None:
    """Refuse what fits its type and yet cannot be. Raises WeighbridgeError."""
    try:
        host, _ = split_address(settings.listen)
    except ValueError as error:
        raise _refused(f"{places.get('listen')}: `listen` is no address: {settings.listen!r}", str(error)) from error
    for name in _NETWORKS:
        for network in getattr(settings, name):
            try:
                ip_network(network)
            except ValueError as error:
                hint = "write an address or a network, like 10.0.0.0/8"
                raise _refused(f"{places[name]}: `{name}` holds no network: {network!r}", hint) from error
    for origin in settings.upstream_token_origins:
        if not _is_origin(origin):
            hint = "write scheme and host, and nothing after them: https://auth.example.com"
            place = places["upstream_token_origins"]
            raise _refused(f"{place}: `upstream_token_origins` holds no origin: {origin!r}", hint)
    if settings.url and not _is_origin(settings.url):
        hint = "write scheme and host, and nothing after them: https://fleet.example.com"
        raise _refused(f"{places['url']}: `url` is no origin: {settings.url!r}", hint)
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        missing = "tls_key" if settings.tls_certificate else "tls_certificate"
        raise _refused(f"`{missing}` is missing", "give the certificate and its key")
    if settings.tls and settings.url.startswith("http://"):
        raise _refused(f"{places['url']}: the server speaks TLS, and `url` does not", "write https:// there")
    _check_provider(settings, places)
    if not is_loopback(host) and not settings.tls and not settings.without_tls:
        raise WeighbridgeError(
            "E-serve-public",
            f"{settings.listen} can be reached from outside, and nothing there is encrypted",
            "give --tls-certificate and --tls-key; or --without-tls, if a proxy in front of it speaks TLS",
        )


def _check_provider(settings: Settings, places: Mapping[str, str]) -> None:
    for name in sorted(place for place in places if place.startswith("oidc_") and place != "oidc_issuer"):
        if not settings.oidc_issuer:
            raise _refused(f"{places[name]}: `{name}` without `oidc_issuer`", "name the identity provider")
    if not settings.oidc_issuer:
        return
    if not _is_issuer(settings.oidc_issuer):
        hint = "write it as the provider names itself: https://login.example.com/realms/staff"
        raise _refused(f"{places['oidc_issuer']}: `oidc_issuer` is no issuer: {settings.oidc_issuer!r}", hint)
    if not settings.oidc_client_id:
        raise _refused("`oidc_client_id` is missing", "register this server at the provider; it gives a client id")
    if "openid" not in settings.oidc_scopes:
        raise _refused(f"{places['oidc_scopes']}: `oidc_scopes` lacks `openid`", "add it")
    if not settings.oidc_roles and not settings.oidc_default_role:
        raise _refused("`oidc_roles` is missing", 'say who may what: oidc_roles = { "ai-security" = "analyst" }')
    for place, text in [*settings.oidc_roles.items(), ("oidc_default_role", settings.oidc_default_role)]:
        try:
            granted_by(text or Role.VIEWER)
        except ValueError:
            roles = ", ".join(role for role in Role if role is not Role.OWNER)
            hint = f"write one of {roles}; or `analyst in GROUP, GROUP`"
            raise _refused(f"`{place}` has no role: {text!r}", hint) from None


def _is_issuer(url: str) -> bool:
    try:
        parts = urlsplit(url)
        plain = parts.hostname and parts.port != 0 and parts.username is None and not parts.query and not parts.fragment
    except ValueError:
        return False
    here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    return bool(plain) and (parts.scheme == "https" or here) and url.isprintable() and url.isascii()


def _pairs(text: str, variable: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.MsgspecError:
        raise _refused(f"{variable} is no JSON object of texts", 'write {"ai-security": "analyst"}') from None


def _is_origin(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None and port != 0
    return bool(plain) and parts.path in ("", "/") and not parts.query and not parts.fragment and url.isprintable()


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-serve-settings", message, hint)
