"""`POST /api/models/{id}/preupload/{revision}`: which files come within the commit, and which before it.

Small ones come within; all are kept the same way. Source: huggingface_hub, `_commit_api.py` (`_fetch_upload_modes`).
"""

import msgspec

from weighbridge.fleet.problem import RefusedError
from weighbridge.hub.call import Call, Route
from weighbridge.hub.faces import WRITE
from weighbridge.hub.hf_publishing import json_of, publisher
from weighbridge.hub.hf_request import API, FACE, REVISION
from weighbridge.hub.names import check_path

WITHIN = 256 << 10
"""Bytes of a file that may come within a commit."""
_MOST = 10_000


class _File(msgspec.Struct):
    path: str
    size: int


class _Files(msgspec.Struct):
    files: list[_File]


async def preupload(call: Call) -> None:
    """Answer how each file is to be sent."""
    if await publisher(call) is None:
        return
    asked = await json_of(call, _Files)
    if len(asked.files) > _MOST:
        raise RefusedError(400, "E-request", "these are too many files", f"ask for {_MOST:,} at once")
    await call.reply_json({"files": [_mode(check_path(one.path), one.size) for one in asked.files]})


def _mode(path: str, size: int) -> dict[str, object]:
    mode = "regular" if size <= WITHIN else "lfs"
    return {"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": None}


ROUTES = (Route(methods=("POST",), pattern=f"{API}/preupload/{REVISION}", access=WRITE, answer=preupload, face=FACE),)
