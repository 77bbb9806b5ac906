"""`wb policy show`: packs and rules, the schema, or a copy of a pack."""

import os

import click

from weighbridge.cli.policy_source import chosen, policy_argument, read
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("show", short_help="List packs and rules, or copy a pack to a folder.")
@policy_argument
@click.option("--schema", is_flag=True, help="Print the Cedar schema: every word that rules may use.")
@click.option("--write", "folder", metavar="FOLDER", help="Copy a pack that ships with Weighbridge to a new folder.")
@click.pass_obj
def command(screen: Screen, positional: str | None, option: str | None, schema: bool, folder: str | None) -> int:
    """Show the rules of a policy. Without POLICY: the packs that ship with Weighbridge."""
    if schema:
        from weighbridge.policy.schema import schema_text

        screen.data(schema_text())
        return 0
    if folder is not None:
        return _write(screen, chosen(positional, option), folder)
    if positional is None and option is None:
        return _packs(screen)
    return _rules(screen, chosen(positional, option))


def _packs(screen: Screen) -> int:
    from weighbridge.policy.packs import BUILT_IN

    for name in BUILT_IN:
        policy = read(name)
        summary = " ".join(policy.settings.summary.split())
        screen.data(f"{policy.title} ({policy.settings.mode}, {len(policy.rules)} rules)\n    {summary}\n")
    screen.say("`wb policy show NAME` lists the rules; `--write FOLDER` gives you a copy to change.", "hint")
    return 0


def _rules(screen: Screen, name: str) -> int:
    policy = read(name)
    screen.data(f"{policy.title}, mode {policy.settings.mode}\n")
    width = max(len(rule.id) for rule in policy.rules)
    topic = ""
    for rule in policy.rules:
        if rule.topic != topic:
            topic = rule.topic
            screen.data(f"\n{topic}\n")
        screen.data(f"  {rule.decision:<8} {rule.severity:<9} {rule.id:<{width}}  {rule.clause or rule.reason}\n")
    return 0


def _write(screen: Screen, name: str, folder: str) -> int:
    from weighbridge.pipeline.policies import built_in_files
    from weighbridge.policy.nearest import did_you_mean
    from weighbridge.policy.packs import BUILT_IN

    if name not in BUILT_IN:
        raise WeighbridgeError("E-usage", f"{name} does not ship with Weighbridge", did_you_mean(name, BUILT_IN))
    if os.path.lexists(folder):
        raise WeighbridgeError("E-usage", f"{folder} exists already", "name a folder that does not exist yet")
    contents = built_in_files(name)
    try:
        for path in sorted({os.path.dirname(os.path.join(folder, relative)) for relative in contents}):
            os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise WeighbridgeError(
            "E-output-failed",
            f"cannot make {folder}: {error.strerror or error}",
            "choose a place that you may write to",
            exit_code=1,
        ) from error
    for relative, content in sorted(contents.items()):
        screen.write_file(os.path.join(folder, relative), content.decode())
    screen.say(f"✓ {name} copied to {folder}: {len(contents)} files", "success")
    screen.say(f"Change the rules, then: wb policy test {folder}", "hint")
    return 0
