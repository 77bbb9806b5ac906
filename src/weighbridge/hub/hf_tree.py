"""`GET /api/models/{id}/tree/{revision}[/{path}]`: files and folders, a page at a time.

Source: huggingface_hub, `hf_api.py` (`list_repo_tree`). llama.cpp reads the first page alone.
"""

from itertools import islice

from sqlalchemy import Connection

from weighbridge.hub import refusal, release_files
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import READ
from weighbridge.hub.hf_entries import AT_ONCE, BELOW, children, file_entry, folder_entry
from weighbridge.hub.hf_request import (
    API,
    FACE,
    REVISION,
    from_cursor,
    is_on,
    next_page,
    refuse,
    served,
    to_cursor,
    told,
)
from weighbridge.hub.hf_security import scanned
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release


async def tree(call: Call) -> None:
    """Answer with what lies in a folder, or in it and below."""
    found = await served(call)
    if found is None:
        return
    release, folder, expand = found.release, call.parts.get("path", "").strip("/"), is_on(call, "expand")
    recursive = is_on(call, "recursive")
    (after,) = from_cursor(call, 1)
    entries, known = await call.hub.server.store.read(
        lambda connection: (
            _entries(connection, release, folder, after, recursive=recursive),
            scanned(connection, release) if expand else None,
        )
    )
    if not entries and folder and not after:
        why = refusal.no_file(call.hub.origin, found.model.full_name, folder)
        await refuse(call, why, told(*found))
        return
    shown = [
        file_entry(one, release, known) if isinstance(one, ReleaseFile) else folder_entry(one, release, expand=expand)
        for one in entries[:AT_ONCE]
    ]
    headers = told(*found)
    if len(entries) > AT_ONCE:
        last = entries[AT_ONCE - 1]
        headers |= next_page(call, to_cursor(last.path if isinstance(last, ReleaseFile) else last + BELOW))
    await call.reply_json(shown, headers=headers)


def _entries(
    connection: Connection, release: Release, folder: str, after: str, *, recursive: bool
) -> list[ReleaseFile | str]:
    """Return a page of entries, and one more if there is one."""
    if recursive:
        of_release = release_files.of_release
        return list(of_release(connection, release.release_id, below=folder, after=after, limit=AT_ONCE + 1))
    return list(islice(children(connection, release, folder, after), AT_ONCE + 1))


ROUTES = (
    Route(methods=("GET",), pattern=f"{API}/tree/{REVISION}(?:/(?P<path>.*))?", access=READ, answer=tree, face=FACE),
)
