"""`GET /api/models`: the models that a caller may have. Source: huggingface_hub, `hf_api.py` (`list_models`)."""

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import caller
from weighbridge.hub.call import Call, Route
from weighbridge.hub.catalog_search import (
    BEST,
    CHANGED,
    CREATED,
    PULLED,
    Place,
    Wanted,
    find_served,
    parse_place,
    place_text,
)
from weighbridge.hub.faces import READ
from weighbridge.hub.hf_entries import AT_ONCE
from weighbridge.hub.hf_info import described
from weighbridge.hub.hf_request import FACE, from_cursor, given, next_page, to_cursor
from weighbridge.hub.look_up import Served

_SORTS = {"createdAt": CREATED, "created_at": CREATED, "downloads": PULLED, "lastModified": CHANGED}
_SORTS |= {"last_modified": CHANGED, "likes": PULLED, "trendingScore": BEST, "trending_score": BEST}
_LONGEST = 200
_MOST_WORDS = 20


async def list_models(call: Call) -> None:
    """Answer with a page of models."""
    tags = [tag for text in given(call, "filter", "filter[]", "pipeline_tag", "tags") for tag in text.split(",") if tag]
    words = call.query.get("search", "").split()
    if len(words) + len(tags) > _MOST_WORDS or any(len(word) > _LONGEST for word in (*words, *tags)):
        raise RefusedError(400, "E-request", "this looks for too much at once", f"use up to {_MOST_WORDS} short words")
    sort = _SORTS.get(call.query.get("sort", ""), CHANGED)
    wanted = Wanted(
        words=tuple(words),
        namespace=call.query.get("author", ""),
        labels=tuple(("", tag) for tag in tags),
        only_main=True,  # its clients ask for `main` of what they find here
        sort=sort,
        ascending=call.query.get("direction") == "1",
        after=_place(call, sort),
        limit=_limit(call),
    )
    asked = call.asked
    store = call.hub.server.store
    hidden = await store.read(lambda connection: caller.hidden_from(connection, asked.caller))
    page = await store.read(lambda connection: find_served(connection, wanted, hidden))
    headers = {}
    if len(page) == wanted.limit:
        headers = next_page(call, to_cursor(wanted.sort, place_text(page[-1].place)))
    listed = [described(Served(one.model, one.release), one.pulls) for one in page]
    await call.reply_json(listed, headers=headers)


def _place(call: Call, sort: str) -> Place | None:
    of, text = from_cursor(call, 2)
    return parse_place(sort, text if of == sort else "?") if text else None


def _limit(call: Call) -> int:
    return max(1, min(AT_ONCE, _number(call.query.get("limit") or str(AT_ONCE))))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise RefusedError(400, "E-request", f"this is no number: {text[:40]!r}", "write digits")
    return int(text)


ROUTES = (Route(methods=("GET",), pattern="/api/models", access=READ, answer=list_models, face=FACE),)
