"""All commands, sorted by name. A command's module loads only when it is called."""

from typing import NamedTuple


class CommandEntry(NamedTuple):
    """Where a command stands and what it does, in one line."""

    name: str
    module: str
    summary: str
    reports: bool = False
    """Whether Ctrl-C leaves a report of what was done until then, instead of ending the command at once."""


COMMANDS: tuple[CommandEntry, ...] = (
    CommandEntry("agent", "weighbridge.cli.agent", "Audit the agents on this machine."),
    CommandEntry("bom", "weighbridge.cli.bom", "Write, compare or score a bill of materials.", True),
    CommandEntry(
        "check", "weighbridge.cli.check", "Gate a build: what would ship from here, and whether it may.", True
    ),
    CommandEntry("completion", "weighbridge.cli.completion", "Print a completion script for bash, zsh or fish."),
    CommandEntry("demo", "weighbridge.cli.demo", "Weigh a built-in sample machine; touches nothing of yours.", True),
    CommandEntry("doctor", "weighbridge.cli.doctor", "Check that Weighbridge can work here."),
    CommandEntry("enroll", "weighbridge.cli.enroll", "Join a fleet, show how far its server is, or leave it."),
    CommandEntry("explain", "weighbridge.cli.explain", "Explain a check, error, exit code or word."),
    CommandEntry("export", "weighbridge.cli.export", "Write rules, profiles and events for other products."),
    CommandEntry("fleet", "weighbridge.cli.fleet", "Administer the fleet server from its own machine."),
    CommandEntry("hub", "weighbridge.cli.hub", "Use and administer the hub of approved models."),
    CommandEntry("inspect", "weighbridge.cli.inspect", "Show everything known about one artifact.", True),
    CommandEntry("ledger", "weighbridge.cli.ledger", "Show, verify, prove and export what was recorded."),
    CommandEntry("lineage", "weighbridge.cli.lineage", "Compare weights with one another and with known models."),
    CommandEntry("policy", "weighbridge.cli.policy", "Test, explain, compare and render policies."),
    CommandEntry("ps", "weighbridge.cli.ps", "Show what runs models right now."),
    CommandEntry("pull", "weighbridge.cli.pull", "Bring an approved model here, checked byte by byte."),
    CommandEntry("request", "weighbridge.cli.request", "Ask for a model, and see what became of it."),
    CommandEntry(
        "scan", "weighbridge.cli.scan", "Find, inspect and weigh models under paths or on this machine.", True
    ),
    CommandEntry("serve", "weighbridge.cli.serve", "Run the fleet server."),
    CommandEntry("sign", "weighbridge.cli.sign", "Sign a model, as OpenSSF Model Signing describes it."),
    CommandEntry("sync", "weighbridge.cli.sync", "Send what was recorded to the fleet now."),
    CommandEntry("top", "weighbridge.cli.top", "Show what runs models, live."),
    CommandEntry("up", "weighbridge.cli.up", "Weigh this machine and open the console on loopback.", True),
    CommandEntry("verify", "weighbridge.cli.verify", "Check a model against its signature or a bill of materials."),
    CommandEntry("waive", "weighbridge.cli.waive", "Waive one rule for one artifact, signed and until a day."),
    CommandEntry("watch", "weighbridge.cli.watch", "Watch this machine and record what changes.", True),
)
