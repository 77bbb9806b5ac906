"""What files manage is changed by files alone, where the server is told so (`managed_by_files`)."""

from sqlalchemy import Connection

from weighbridge.fleet import config_applied
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.settings import Settings


def check_not_managed(connection: Connection, settings: Settings, section: str, item: str) -> None:
    """Let a change through that is made by hand.

    Args:
        connection: of the write.
        settings: of the server that is asked.
        section: of the configuration, as `config_registry.SECTIONS` names it.
        item: within it.

    Raises:
        RefusedError: 409 `E-managed`, a file manages it and the server lets files alone do that.
    """
    if settings.managed_by_files and config_applied.is_managed(connection, section, item):
        raise RefusedError(
            409,
            "E-managed",
            f"`{item}` is managed by files",
            "change it in the files and `wb fleet apply` them",
        )
