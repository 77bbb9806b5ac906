"""`wb policy test`: try the situations of a policy."""

import json

import click

from weighbridge.cli.policy_source import chosen, policy_argument, read
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


@click.command("test", short_help="Try the situations of a policy.")
@policy_argument
@click.option("-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Show the situations that came out as expected, too.")
@click.pass_obj
def command(screen: Screen, positional: str | None, option: str | None, format_name: str, verbose: bool) -> int:
    """Weigh every situation in the policy's tests folder and compare with the expected verdict.

    Exit code 2 if one came out differently. Rules that no situation shows at work are named.
    """
    from weighbridge.policy.situation import never_seen, read_situations, try_situations
    from weighbridge.report.escape import visible

    name = chosen(positional, option)
    policy = read(name)
    situations = read_situations(policy)
    if not situations:
        raise WeighbridgeError(
            "E-policy-untested",
            f"{name} has no situations.",
            "Write some in tests/*.yaml; `wb policy show balanced --write FOLDER` gives examples.",
        )
    tried = try_situations(policy, situations)
    wrong = [item for item in tried if item.problems]
    silent, loud = never_seen(policy, tried)
    if format_name == "json":
        document = {
            "schema": "weighbridge.policy-test/1",
            "policy": policy.title,
            "situations": [
                {
                    "name": item.situation.name,
                    "file": item.situation.file,
                    "line": item.situation.line,
                    "expected": item.situation.decision,
                    "decision": item.verdict.decision.value,
                    "policies": [rule.id for rule in item.verdict.rules],
                    "problems": list(item.problems),
                }
                for item in tried
            ],
            "never_hold": silent,
            "always_hold": loud,
        }
        screen.data(json.dumps(document, indent=2) + "\n")
    else:
        for item in tried:
            if item.problems or verbose:
                symbol = "✗" if item.problems else "✓"
                screen.data(f"{symbol} {visible(item.situation.name, 200)}\n")
            for problem in item.problems:
                screen.data(f"    {item.situation.file}:{item.situation.line} {problem}\n")
        screen.data(f"{policy.title}: {len(tried) - len(wrong)} of {len(tried)} situations as expected\n")
    for text, rules in (("no situation shows at work", silent), ("hold in every situation about them", loud)):
        if rules:
            screen.say(f"▲ rules that {text}: {', '.join(rules)}", "warning")
    if wrong:
        count = len(wrong)
        raise WeighbridgeError(
            "E-policy-test",
            f"{count} of {len(tried)} situations of {name} came out differently than expected",
            "change the rule or the expectation, whichever is wrong; `wb policy explain RULE` shows a rule",
        )
    return 0
