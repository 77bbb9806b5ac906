"""`wb fleet`: administer the fleet server from its own machine. One file a subcommand."""

import click

from weighbridge.cli.subcommands import Subcommands

SUMMARIES = {
    "apply": "Make the fleet be as configuration files say.",
    "backup": "Write a backup of the database while it is served.",
    "catalog": "Show what endpoints may use by the catalog; write what people sign of it.",
    "drift": "Show what differs between configuration files and the fleet.",
    "except": "Ask for an exception from a rule or a check.",
    "exceptions": "Show, grant, refuse, withdraw and renew exceptions.",
    "export-config": "Write what the fleet keeps to as configuration files.",
    "hunt": "Ask for artifacts, endpoints, findings and records; hunt digests.",
    "migrate": "Bring the database's tables to this version, or back.",
    "policy": "Upload, sign, publish and roll out policies.",
    "report": "Make a signed pack of evidence.",
    "restore": "Put a backup back, or tell that the database was put back.",
    "revocations": "Show what is revoked; write what people sign of it.",
    "revoke": "Revoke a model everywhere, after seeing what that touches.",
    "settle": "Let one of two machines go on, after a copy of it was found.",
    "sign-in": "Make a link that lets an account in, once.",
    "simulate": "Let simulated endpoints enroll and send, to try a server.",
    "target": "Tell other products what the fleet sees: SIEM, chat, tickets.",
    "token": "Make a token that lets devices into the fleet.",
}


@click.group(
    "fleet",
    cls=Subcommands,
    summaries=SUMMARIES,
    short_help="Administer the fleet server from its own machine.",
    epilog="These work on the database itself, so whoever may read it may use them. `wb serve` runs the server.",
)
def command() -> None:
    """Administer the fleet server from its own machine."""
