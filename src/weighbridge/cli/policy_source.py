"""What the policy subcommands share: which policy is meant, and reading it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.policy.policy import Policy

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def policy_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command take its policy as an argument or as `--policy`; see `chosen`."""
    argument = click.argument("positional", required=False, metavar="[POLICY]")
    option = click.option("--policy", "option", metavar="NAME|FOLDER", help="Pack or policy folder. [observe]")
    return argument(option(function))


def chosen(positional: str | None, option: str | None) -> str:
    """Return the policy that is meant; the default pack if none is named."""
    if positional and option and positional != option:
        raise WeighbridgeError(
            "E-usage", f"two policies are named: {positional} and {option}", "name one of them, once"
        )
    return positional or option or "observe"


def read(name: str) -> "Policy":
    """Return the policy `name`, fully checked."""
    from weighbridge.host.real import RealMachine
    from weighbridge.pipeline.policies import load_policy

    return load_policy(RealMachine(), name, check=True)
