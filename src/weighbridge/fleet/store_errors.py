"""What databases say when something fails, as errors that a person can act on."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from weighbridge.model.errors import WeighbridgeError


def said(error: SQLAlchemyError | Exception) -> str:
    """Return what the driver said, in one line, without the statement and its values."""
    inner = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return " ".join(str(inner).split())[:300] or type(inner).__name__


def cannot_open(what: str, error: Exception) -> WeighbridgeError:
    """Return the error of a database that does not open."""
    return WeighbridgeError(
        "E-store-open",
        f"cannot open the database {what}: {said(error)}",
        "check that the address is right, that the file or server is there and that this user may use it",
        exit_code=1,
    )


def cannot_write(error: Exception) -> WeighbridgeError:
    """Return the error of a write that was not committed."""
    return WeighbridgeError(
        "E-store-write",
        f"the database did not commit: {said(error)}",
        "nothing was acknowledged; make room on the disk or see the database's own log, then try again",
        exit_code=1,
    )


def cannot_read(error: Exception) -> WeighbridgeError:
    """Return the error of a read that found no answer."""
    return WeighbridgeError(
        "E-store-read",
        f"the database did not answer: {said(error)}",
        "ask for less at once, or see the database's own log, then try again",
        exit_code=1,
    )


def too_busy(waiting: int) -> WeighbridgeError:
    """Return the error of a write that was not taken."""
    return WeighbridgeError(
        "E-store-busy",
        f"{waiting:,} writes wait for the database already",
        "try again in some seconds",
        exit_code=1,
    )


def closed() -> WeighbridgeError:
    """Return the error of a write that came after the store was closed."""
    return WeighbridgeError(
        "E-store-busy", "the server is stopping and takes no more writes", "try again in some seconds", exit_code=1
    )
