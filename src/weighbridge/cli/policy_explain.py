"""`wb policy explain`: why a file gets its verdict, or what a rule means."""

import os

import click

from weighbridge.cli.policy_source import read
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError

_ACTIONS = ("download", "store", "load", "serve", "infer", "ship")


@click.command("explain", short_help="Say why a file gets its verdict, or what a rule means.")
@click.argument("subject", metavar="FILE|RULE")
@click.option("--policy", metavar="NAME|FOLDER", default="observe", show_default=True, help="Pack or policy folder.")
@click.option(
    "--action", type=click.Choice(_ACTIONS), default="load", show_default=True, help="What is to be done with it."
)
@click.option("--no-digest", is_flag=True, help="Skip hashing.")
@click.pass_obj
def command(screen: Screen, subject: str, policy: str, action: str, no_digest: bool) -> int:
    """Weigh FILE and say which rules decide, the facts they looked at, and what to do next; or explain a RULE."""
    from weighbridge.policy.explanation import explain_rule
    from weighbridge.policy.nearest import did_you_mean

    loaded = read(policy)
    rule = loaded.rule(subject)
    if rule is not None and not os.path.lexists(subject):
        screen.data(explain_rule(rule))
        return 0
    if os.path.lexists(subject):
        return _file(screen, subject, policy, action, digest=not no_digest)
    raise WeighbridgeError(
        "E-unknown-topic",
        f"{subject} is neither a file nor a rule of {loaded.title}",
        did_you_mean(subject, [known.id for known in loaded.rules]),
    )


def _file(screen: Screen, subject: str, policy: str, action: str, *, digest: bool) -> int:
    from weighbridge.cli.exits import exit_for
    from weighbridge.cli.weighing import absolute_paths, weigh
    from weighbridge.host.real import RealMachine
    from weighbridge.model.place import display
    from weighbridge.pipeline.options import Options
    from weighbridge.policy.explanation import explain_verdict
    from weighbridge.report.escape import visible

    options = Options(roots=absolute_paths([subject]), digest=digest, policy=policy, action=action)
    result, _ = weigh(screen, RealMachine(), options)
    pages = []
    for artifact in result.artifacts:
        if artifact.verdict is not None:
            place = artifact.places[0]
            path = display(place.path) + (f"!/{place.member}" if place.member else "")
            pages.append(explain_verdict(artifact.verdict, path))
    if pages:
        lines = "\n".join(pages).splitlines()
        screen.data("\n".join(visible(line, 2000) for line in lines) + "\n")
    else:
        screen.say(f"▲ there is no model in {visible(subject, 200)}", "warning")
    return exit_for(result)
