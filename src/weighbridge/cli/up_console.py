"""The console of `wb up`: the fleet server on loopback with this machine in it, and a link that lets its person in."""

import threading
from typing import TYPE_CHECKING

from weighbridge.cli.screen import Screen
from weighbridge.cli.serve import clock_of
from weighbridge.host.machine import Machine
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from weighbridge.fleet.opening import Opened
    from weighbridge.fleet.server import Server

_TOKEN_LASTS = 600_000
"""Milliseconds; it is used at once."""
_SYNC_SECONDS = 60.0


def console(screen: Screen, machine: Machine, port: int, *, open_page: bool) -> None:
    """Serve the console until Ctrl-C, with everything that this machine has recorded.

    Args:
        screen: where to talk.
        machine: this machine.
        port: on 127.0.0.1; the usual one if 0.
        open_page: whether to open it in a browser.

    Raises:
        WeighbridgeError: why it cannot be served: `E-port-taken`, `E-store-served`, `E-store-open` and others.
    """
    from weighbridge.console.listening import check_port, listen
    from weighbridge.fleet.opening import database_url, open_to_serve
    from weighbridge.fleet.server import Server
    from weighbridge.fleet.settings import PORT, read_settings
    from weighbridge.hub.opening import open_hub

    settings = read_settings(flags={"listen": f"127.0.0.1:{port or PORT}"})
    check_port(settings.host, settings.port, "the report is served instead; choose another with --port")
    clock = clock_of(machine)
    opened = open_to_serve(database_url(settings, machine.state_folder), clock())
    try:
        server = Server(settings, opened.store, clock, machine.monotonic, lambda line: _failures(screen, line))

        def ready() -> None:
            # Enrolling asks the server that is just beginning to answer, so it happens beside it.
            arguments = (screen, machine, server, opened)
            threading.Thread(target=_welcome, args=arguments, kwargs={"open_page": open_page}, daemon=True).start()

        try:
            listen(server, open_hub(server, machine.state_folder), ready)
        finally:
            server.close()
    finally:
        opened.close()
    screen.say("\nended")


def _welcome(screen: Screen, machine: Machine, server: "Server", opened: "Opened", *, open_page: bool) -> None:
    from weighbridge.report.words import counted

    try:
        sent = _send(machine, server, opened)
        screen.say(f"✓ console this machine is in it; {counted(sent, 'record')} sent just now", "success")
    except WeighbridgeError as error:
        screen.say(f"! console this machine is not in it: {error.message}", "warning")
        screen.say(f"  {error.hint}", "muted")
    url = _link(server, opened)
    screen.say(f"→ open    {url}    (works once; Ctrl-C ends)", "hint")
    if open_page:
        import webbrowser

        webbrowser.open(url)


def _send(machine: Machine, server: "Server", opened: "Opened") -> int:
    """Enroll this machine, if it belongs to no fleet yet, and send what was recorded; return how much is there.

    Raises WeighbridgeError.
    """
    from time import sleep

    from weighbridge.fleet import enrollment
    from weighbridge.pipeline.enroll import enroll
    from weighbridge.pipeline.membership import FleetFolder
    from weighbridge.pipeline.sync_drain import client_of, drain

    origin, now = server.settings.origin, server.clock()
    membership = FleetFolder(machine).membership()
    if membership is not None and membership.url != origin:
        raise WeighbridgeError(
            "E-enrolled",
            f"it belongs to the fleet of {membership.url}",
            "its records go there; `wb enroll --leave` takes it out",
        )
    if membership is None:

        def job(connection: "Connection") -> str:
            return enrollment.make_token(
                connection, now, made_by="wb up", expires_at=now + _TOKEN_LASTS, note="this machine"
            )

        client = client_of(origin)
        try:
            enroll(machine, origin, opened.store.write_now(job), client)
        finally:
            client.close()
    sent, failed = 0, ""
    for attempt in drain(machine, sleep, most_seconds=_SYNC_SECONDS):
        sent, failed = sent + attempt.sent, attempt.reason if attempt.code else ""
    if failed:
        raise WeighbridgeError("E-sync-failed", failed, "nothing is lost: `wb sync` sends it again", exit_code=1)
    return sent


def _failures(screen: Screen, line: str) -> None:
    """Show of the server's log what failed, and nothing else."""
    if " error " in line:
        screen.say(line.rstrip("\n"), "error")


def _link(server: "Server", opened: "Opened") -> str:
    """Return a link for the first administrator that may sign in."""
    from weighbridge.fleet import accounts, audit, links
    from weighbridge.fleet.account_routes import link_url
    from weighbridge.fleet.permissions import Role

    now = server.clock()

    def job(connection: "Connection") -> str:
        able = [one for one in accounts.every(connection) if one.role is Role.ADMINISTRATOR and one.disabled_at is None]
        audit.note(connection, now, None, "account.link", able[0].account_id)
        return links.make(connection, now, able[0].account_id)

    return link_url(server, opened.store.write_now(job))
