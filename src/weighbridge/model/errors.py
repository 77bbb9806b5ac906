"""One base error: code, sentence, hint, exit code."""


class WeighbridgeError(Exception):
    """Something that stops a command and that a person can act on.

    Args:
        code: stable id, explained by `weighbridge explain CODE` (`E-config-unreadable`).
        message: one sentence naming the file, key or argument at fault.
        hint: what to try next.
        exit_code: see `weighbridge.cli.exits`; 2 is usage or configuration.
    """

    def __init__(self, code: str, message: str, hint: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
