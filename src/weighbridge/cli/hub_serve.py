"""`wb hub serve`: the server, by the name under which those look for it who want the hub alone."""

import click

from weighbridge.cli.serve import command as serve

command = click.Command(
    "serve",
    params=serve.params,
    callback=serve.callback,
    short_help="Run the hub: the same server as `wb serve`.",
    help="""Run the hub until Ctrl-C or SIGTERM.

    This is `wb serve`: accounts, console, catalog and the faces for tools are one server. Where no endpoint is
    enrolled, its pages about the fleet are empty, and the hub is all that it does.
    """,
)
