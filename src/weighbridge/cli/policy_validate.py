"""`wb policy validate`: check that a policy is right."""

import click

from weighbridge.cli.policy_source import read
from weighbridge.cli.screen import Screen


@click.command("validate", short_help="Check that a policy is right.")
@click.argument("policies", nargs=-1, metavar="[POLICY]...")
@click.option("--policy", "option", metavar="NAME|FOLDER", help="Pack or policy folder. [observe]")
@click.pass_obj
def command(screen: Screen, policies: tuple[str, ...], option: str | None) -> int:
    """Check settings, rules, schema and situations of each POLICY. Names file, line and the nearest valid name."""
    from weighbridge.policy.situation import read_situations

    for name in (*policies, *([option] if option else [])) or ("observe",):
        policy = read(name)
        situations = read_situations(policy)
        screen.data(f"✓ {policy.title} ({name}): {len(policy.rules)} rules, {len(situations)} situations\n")
        without = [rule.id for rule in policy.rules if rule.effect == "forbid" and not rule.clause]
        if without:
            screen.say(f"▲ without @clause, so people read the reason instead: {', '.join(without)}", "warning")
    return 0
