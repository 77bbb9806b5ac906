"""What the subcommands of `wb fleet policy` share: who asks, and files that people sign."""

import os
from typing import TYPE_CHECKING

import click

from weighbridge.cli.fleet_store import Fleet, with_fleet
from weighbridge.cli.named_file import content_of
from weighbridge.model.errors import WeighbridgeError

if TYPE_CHECKING:
    from weighbridge.cli.screen import Screen

__all__ = ["WHO", "Fleet", "number_argument", "output_option", "read_signed", "reason_option", "with_fleet"]
WHO = "command line"
number_argument = click.argument("number", type=click.IntRange(1, (1 << 53) - 1))
reason_option = click.option("--reason", required=True, help="Why, for those who come after.")
output_option = click.option(
    "-o", "--output", metavar="FILE", help="Where what people sign is written. [policy-NUMBER.sign.json]"
)


def read_signed(path: str) -> bytes:
    """Return a file that people sign. Raises `E-policy-metadata`."""
    from weighbridge.sync.judging import LARGEST_METADATA

    try:
        return content_of(path, LARGEST_METADATA)
    except OSError as error:
        raise WeighbridgeError(
            "E-policy-metadata",
            f"{path}: {error.strerror}",
            "name a file that `wb fleet policy upload` or `root` wrote",
        ) from None


def write_to_sign(screen: "Screen", path: str, content: bytes) -> None:
    """Write a file that people sign, and say how."""
    screen.write_file(os.path.abspath(path), content.decode())
    screen.say(f"→ sign     wb fleet policy sign {path} --key YOUR-KEY   (each person, where their key is)", "hint")
