"""`wb serve`: the fleet server."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.named_file import content_of
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.fleet.identity_provider import IdentityProvider
    from weighbridge.fleet.settings import Settings
    from weighbridge.host.machine import Machine
    from weighbridge.host.real import RealMachine

_PACKAGES = (
    "alembic",
    "argon2",
    "authlib",
    "granian",
    "joserfc",
    "litestar",
    "obstore",
    "psycopg",
    "sqlalchemy",
    "webauthn",
)
_LARGEST_FILE = 1 << 20
database_option = click.option(
    "--database", metavar="URL", help="sqlite:///FILE or postgresql://USER@HOST/NAME; a file of its own by default."
)
config_option = click.option(
    "--config", metavar="FILE", help="TOML file with settings; flags and variables go over it."
)


@click.command("serve", short_help="Run the fleet server.")
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; 127.0.0.1:8480 by default.")
@click.option("--url", metavar="ORIGIN", help="How people and endpoints reach it: https://fleet.example.com")
@database_option
@click.option("--tls-certificate", metavar="FILE", help="Certificate and chain (PEM).")
@click.option("--tls-key", metavar="FILE", help="Its key (PEM).")
@click.option("--without-tls", is_flag=True, help="Listen publicly without TLS: a proxy in front of it speaks TLS.")
@click.option("--proxy", "proxies", multiple=True, metavar="NETWORK", help="Whose X-Forwarded-For is believed.")
@click.option("--log", type=click.Choice(["text", "json"]), help="How the log is written on stderr.")
@config_option
@click.pass_obj
def command(
    screen: Screen,
    listen: str | None,
    url: str | None,
    database: str | None,
    tls_certificate: str | None,
    tls_key: str | None,
    without_tls: bool,
    proxies: tuple[str, ...],
    log: str | None,
    config: str | None,
) -> int:
    """Run the fleet server until Ctrl-C or SIGTERM.

    It listens on this machine alone unless told otherwise, and on a public address only with TLS. On first start it
    prints a link that lets the first administrator in, once. Every setting can stand in a TOML file or in variables
    WEIGHBRIDGE_SERVE_... Limits on requests count for each process, those on guessing passwords for all that share a
    database.
    """
    require_server()
    from weighbridge.host.real import RealMachine

    machine = RealMachine()
    flags = {"listen": listen, "url": url, "database": database, "tls_certificate": tls_certificate, "tls_key": tls_key}
    more = {"without_tls": without_tls, "proxies": proxies, "log": log}
    serve(screen, machine, settings_of(config, {**flags, **more}))
    return Exit.WITHIN_POLICY


def serve(screen: Screen, machine: "RealMachine", settings: "Settings") -> None:
    """Serve until told to stop. Raises WeighbridgeError."""
    from weighbridge.console.listening import listen
    from weighbridge.fleet.account_routes import link_url
    from weighbridge.fleet.opening import database_url, open_to_serve
    from weighbridge.fleet.server import Server
    from weighbridge.hub.opening import open_hub

    clock = clock_of(machine)
    opened = open_to_serve(database_url(settings, machine.state_folder), clock())
    try:
        server = Server(settings, opened.store, clock, machine.monotonic, lambda line: screen.say(line.rstrip("\n")))
        server.identity_provider = identity_provider_of(machine, settings)

        def ready() -> None:
            if opened.link == "":
                screen.say("→ open     with the link that the first server of this database printed;", "hint")
                screen.say("           `wb fleet sign-in` makes another   (the first administrator, once)", "hint")
            elif opened.link is not None:
                screen.say(f"→ open     {link_url(server, opened.link)}   (the first administrator, once)", "hint")
            screen.say(f"✓ serving  {settings.origin}   (Ctrl-C ends)", "success")

        try:
            listen(server, open_hub(server, machine.state_folder), ready)
        finally:
            server.close()
    finally:
        opened.close()
    screen.say("· ended; everything that was acknowledged is stored", "muted")


def identity_provider_of(machine: "Machine", settings: "Settings") -> "IdentityProvider | None":
    """Return the identity provider that settings name. Raises WeighbridgeError `E-serve-settings` for its files."""
    if not settings.oidc_issuer:
        return None
    from weighbridge.fleet.identity_provider import IdentityProvider
    from weighbridge.host.outgoing import Dialer
    from weighbridge.host.outgoing_http import Poster

    return IdentityProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        _text_of("oidc_client_secret_file", settings.oidc_client_secret_file).strip(),
        settings.oidc_scopes,
        # Who runs the server names it in the settings, so it may stand in a private network.
        Poster(Dialer(("0.0.0.0/0", "::/0"))),
        machine.monotonic,
        _text_of("oidc_authorities", settings.oidc_authorities),
    )


def _text_of(name: str, path: str) -> str:
    if not path:
        return ""
    try:
        return content_of(path, _LARGEST_FILE).decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "is no text"
        raise WeighbridgeError(
            "E-serve-settings", f"`{name}`: cannot read {path}: {said}", "give a file that this user may read"
        ) from error


def clock_of(machine: "Machine") -> Callable[[], int]:
    """Return the clock of a server: milliseconds since 1970, UTC."""
    return lambda: int(machine.now().timestamp() * 1000)


def settings_of(config: str | None, flags: dict[str, Any]) -> "Settings":
    """Return the settings. Raises WeighbridgeError `E-serve-settings`, `E-serve-public`."""
    from weighbridge.fleet.settings import read_settings

    content = b""
    if config is not None:
        try:
            content = content_of(config, _LARGEST_FILE)
        except OSError as error:
            raise WeighbridgeError(
                "E-serve-settings",
                f"cannot read {config}: {error.strerror}",
                "give a TOML file that this user may read",
            ) from error
    return read_settings(config, content, dict(os.environ), flags)


def require_server() -> None:
    """Say what to type where the packages of the server are missing. Raises WeighbridgeError `E-serve-extra`."""
    from importlib.util import find_spec

    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise WeighbridgeError(
            "E-serve-extra",
            f"the fleet server needs packages that are not installed: {', '.join(missing)}",
            "pip install 'weighbridge[server]'",
        )
