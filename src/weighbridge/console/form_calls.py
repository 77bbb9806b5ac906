"""From a form to the route of the API that does the same: one rule for both, whoever asks.

A form's fields are converted as the API converts its JSON, and what is refused there becomes a sentence above the page.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from litestar import Response
from litestar.handlers import BaseRouteHandler

from weighbridge.console.page import Notice
from weighbridge.fleet.given import WebRequest
from weighbridge.model.errors import WeighbridgeError

T = TypeVar("T")
_LONGEST = 4000


Done = tuple[Notice | None, str]
"""What is said above the page, and what is shown on it this once: a link, a command."""


async def answered(
    request: WebRequest,
    job: Callable[[dict[str, str]], Awaitable[Done]],
    show: Callable[[Notice | None, int, str], Awaitable[Response[str]]],
) -> Response[str]:
    """Do what a form asks for, and show its page again with what came of it.

    Args:
        request: with the form.
        job: does it with the fields; what it refuses is said above the page.
        show: returns the page for what is said, its status of HTTP, and what is shown this once.
    """
    try:
        notice, made = await job(await fields(request))
    except WeighbridgeError as error:
        return await show(refusal(error), getattr(error, "status", 400), "")
    return await show(notice, 200, made)


async def fields(request: WebRequest) -> dict[str, str]:
    """Return the fields of a form that were filled in; of those that came twice, the last."""
    form = await request.form()
    return {name: value[:_LONGEST] for name, value in form.items() if isinstance(value, str) and value}


def checked(values: Mapping[str, object], kind: type[T]) -> T:
    """Return what a route of the API takes. Raises WeighbridgeError `E-request`."""
    try:
        return msgspec.convert(dict(values), kind, strict=False)
    except msgspec.ValidationError as error:
        raise WeighbridgeError(
            "E-request", f"the form is not complete: {error}", "correct it and send it again"
        ) from None


async def call(route: BaseRouteHandler, *given: object) -> Any:  # noqa: ANN401  (whatever the route returns)
    """Do what a route of the API does. Its permission is checked by the route of the page."""
    function: Any = route.fn
    return await function(*given)


def refusal(error: WeighbridgeError) -> Notice:
    """Return what is said above the page."""
    return Notice("error", f"{error.message} — {error.hint}" if error.hint else error.message)
