"""Between commands and the process: every way a command can end becomes a message and an exit code."""

from collections.abc import Sequence
from errno import ENOSPC

import click

from weighbridge.cli.exits import Exit
from weighbridge.cli.group import group
from weighbridge.cli.registry import COMMANDS
from weighbridge.cli.screen import Screen
from weighbridge.model.errors import WeighbridgeError


def run(arguments: Sequence[str], screen: Screen | None = None) -> int:
    """Run one command line and return its exit code; raises nothing.

    Args:
        arguments: as after the program name.
        screen: where to write; this process's streams if None.
    """
    screen = screen or Screen()
    try:
        outcome = group.main(args=list(arguments), prog_name="wb", standalone_mode=False, obj=screen)
        if screen.interrupts.requested:  # too late to leave anything out, and still what the person wanted
            return Exit.INTERRUPTED
        return int(outcome) if isinstance(outcome, int) else Exit.WITHIN_POLICY
    except WeighbridgeError as error:
        screen.error(error)
        return error.exit_code
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, click.Abort):
        screen.say("interrupted", "warning")
        return Exit.INTERRUPTED
    except click.ClickException as error:
        screen.error(_usage(error, arguments))
        return Exit.USAGE
    except SystemExit as leave:
        if leave.code != 1:  # shell completion, answered
            raise
        screen.abandon()  # click writes help itself, and leaves like this when nobody reads it
        return Exit.WITHIN_POLICY
    except Exception as error:  # noqa: BLE001  (this is the boundary: a bug of ours must not become a traceback)
        if isinstance(error, OSError) and error.errno == ENOSPC:
            screen.abandon()  # what is left of stdout would fail once more when the process ends
        if screen.debug or "--debug" in arguments:
            import traceback  # only for errors

            screen.trace(traceback.format_exc())
        kind = type(error).__name__
        screen.error(
            WeighbridgeError(
                "E-internal",
                f"Weighbridge failed: {kind}: {error}" if str(error) else f"Weighbridge failed: {kind}",
                "this is a bug; run again with `wb --debug ...` and report what it prints",
                exit_code=Exit.FAILED,
            )
        )
        return Exit.FAILED
    finally:
        screen.interrupts.hold()  # all is said: what comes now must not spoil the exit code


def _usage(error: click.ClickException, arguments: Sequence[str]) -> WeighbridgeError:
    """Turn a complaint of the option parser into an error with a hint."""
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context is not None else "wb"
    known = {entry.name for entry in COMMANDS}
    if context is None and (named := next((word for word in arguments if word in known), None)) is not None:
        command = f"wb {named}"  # the parser of options does not say whose they are
    hint = f"`{command} --help` lists what it takes"
    if message.startswith("No such command") and context is not None:
        from difflib import get_close_matches  # only for errors

        wanted = message.split("'")[1] if "'" in message else ""
        near = get_close_matches(wanted, [entry.name for entry in COMMANDS], 1)
        if near:
            hint = f"did you mean `wb {near[0]}`?"
    return WeighbridgeError("E-usage", message[:1].lower() + message[1:], hint)
