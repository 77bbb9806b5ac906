"""`POST /api/models/{id}/paths-info/{revision}`: what lies at some paths; those where nothing lies are left out.

Source: huggingface_hub, `hf_api.py` (`get_paths_info`, which sends a form); huggingface.js sends JSON.
"""

from urllib.parse import parse_qsl

import msgspec
from sqlalchemy import Connection

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub import release_files
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import READ
from weighbridge.hub.hf_entries import file_entry, folder_entry
from weighbridge.hub.hf_request import API, FACE, REVISION, served, told
from weighbridge.hub.hf_security import scanned
from weighbridge.hub.releases import Release

_MOST = 1_000
_LARGEST = 2 << 20


class _Asked(msgspec.Struct):
    paths: list[str] | str = []
    expand: bool = False


async def paths_info(call: Call) -> None:
    """Answer with the entries at the paths that the body names."""
    found = await served(call)
    if found is None:
        return
    asked = _asked(call.header("content-type"), await call.body(_LARGEST))
    release = found.release
    paths = [asked.paths] if isinstance(asked.paths, str) else asked.paths
    entries = await call.hub.server.store.read(
        lambda connection: _entries(connection, release, paths, expand=asked.expand)
    )
    await call.reply_json(entries, headers=told(*found))


def _asked(kind: str, body: bytes) -> _Asked:
    try:
        if kind.partition(";")[0].strip() == "application/json":
            asked = msgspec.json.decode(body, type=_Asked)
        else:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=2 * _MOST)
            expand = any(name == "expand" and value.lower() in ("true", "1") for name, value in pairs)
            asked = _Asked(paths=[value for name, value in pairs if name in ("paths", "paths[]")], expand=expand)
    except (ValueError, msgspec.DecodeError) as error:
        raise RefusedError(400, "E-request", "this is no list of paths", "send paths=... as a form or JSON") from error
    if isinstance(asked.paths, list) and len(asked.paths) > _MOST:
        raise RefusedError(400, "E-request", "these are too many paths", f"ask for {_MOST:,} at once")
    return asked


def _entries(connection: Connection, release: Release, paths: list[str], *, expand: bool) -> list[dict[str, object]]:
    entries = []
    found = scanned(connection, release) if expand else None
    for path in dict.fromkeys(one.strip("/") for one in paths):
        file = release_files.at_path(connection, release.release_id, path)
        if file is not None:
            entries.append(file_entry(file, release, found))
        elif path and release_files.of_release(connection, release.release_id, below=path, limit=1):
            entries.append(folder_entry(path, release, expand=expand))
    return entries


ROUTES = (Route(methods=("POST",), pattern=f"{API}/paths-info/{REVISION}", access=READ, answer=paths_info, face=FACE),)
