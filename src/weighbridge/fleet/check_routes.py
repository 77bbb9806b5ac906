"""What checks are and what to do about what they find, under /api/v1: the pages that `wb explain` prints."""

from litestar import get
from msgspec import Struct

from weighbridge.fleet.given import Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.fleet.problem import not_found
from weighbridge.report import check_pages

_READ = needs(Permission.OWN_DEVICE)


class CheckTitle(Struct, frozen=True, kw_only=True):
    """A check, in a list of all."""

    id: str
    title: str


class CheckPart(Struct, frozen=True, kw_only=True):
    """A paragraph of the page of a check."""

    heading: str
    text: str


class CheckText(Struct, frozen=True, kw_only=True):
    """The page of a check."""

    id: str
    title: str
    atlas: str | None
    """Technique of MITRE ATLAS."""
    summary: str
    parts: list[CheckPart]


@get("/api/v1/checks", opt=_READ)
async def list_checks() -> list[CheckTitle]:
    """List the checks that this version knows: of endpoints, and of the server itself."""
    return [CheckTitle(id=check_id, title=title) for check_id, title in check_pages.titles().items()]


@get("/api/v1/checks/{check_id:str}", opt=_READ)
async def show_check(check_id: Id) -> CheckText:
    """Tell what a check finds, why that matters, and what to do."""
    page = check_pages.page_of(check_id)
    if page is None:
        raise not_found("check in this version")
    parts = [CheckPart(heading=heading, text=text) for heading, text in page.parts]
    return CheckText(id=page.id, title=page.title, atlas=page.atlas, summary=page.summary, parts=parts)


ROUTES = [list_checks, show_check]
