"""Models from a server that speaks the protocol of the Hugging Face Hub.

Source: huggingface_hub, `hf_api.py` (`model_info`, `list_repo_tree`) and `file_download.py`. What it says of Xet is
passed over: files are asked for as plain bytes.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import msgspec

from weighbridge.host.outgoing import OutgoingError
from weighbridge.host.outgoing_stream import Fetcher
from weighbridge.hub.ingest import MOST_FILES
from weighbridge.hub.names import check_path, is_commit, is_sha256
from weighbridge.hub.upstream import LARGEST, UpstreamFile, UpstreamRelease, refused, unreachable
from weighbridge.hub.worker import CannotError
from weighbridge.model.errors import WeighbridgeError

_LARGEST_PAGE = 32 << 20
_MOST_PAGES = 1_000
_NEXT = re.compile(r'<([^<>]{1,2000})>\s*;[^,]*\brel="?next"?')


class HuggingFace:
    """A server of this protocol.

    Args:
        fetcher: asks it.
        origin: `https://models.example.com`, with a path before `/api` if it has one.
        token: what it is shown; empty for none.
    """

    def __init__(self, fetcher: Fetcher, origin: str, token: str = "") -> None:
        self._fetcher = fetcher
        self._origin = origin.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    @property
    def headers(self) -> Mapping[str, str]:
        """What is sent with a request for a file, to this very server alone."""
        return self._headers

    async def find(self, name: str, revision: str) -> UpstreamRelease:
        """Return what a name and a revision mean there. Raises CannotError, WeighbridgeError `E-upstream`."""
        about, _ = await self._json(
            f"{self._origin}/api/models/{quote(name)}/revision/{quote(revision, safe='')}", name
        )
        commit = about.get("sha") if isinstance(about, dict) else None
        if not isinstance(commit, str) or not is_commit(commit):
            raise CannotError(f"the upstream names no commit for {name}")
        return UpstreamRelease(commit=commit, files=tuple(await self._tree(name, commit)))

    async def _tree(self, name: str, commit: str) -> list[UpstreamFile]:
        url = f"{self._origin}/api/models/{quote(name)}/tree/{commit}?recursive=true&expand=false"
        found: dict[str, UpstreamFile] = {}
        for _ in range(_MOST_PAGES):
            entries, following = await self._json(url, name)
            if not isinstance(entries, list):
                raise CannotError(f"the upstream lists no files for {name}")
            for entry in entries:
                if isinstance(entry, dict) and entry.get("type") == "file":
                    file = self._file(name, commit, entry)
                    found[file.path] = file
            if len(found) > MOST_FILES or sum(one.size for one in found.values()) > LARGEST:
                raise CannotError(f"{name} is larger than any release may be")
            if not following:
                return list(found.values())
            url = self._next(url, following)
        raise CannotError(f"the upstream lists the files of {name} without end")

    def _file(self, name: str, commit: str, entry: dict[str, Any]) -> UpstreamFile:
        path, size, large = entry.get("path"), entry.get("size"), entry.get("lfs")
        if not isinstance(path, str) or not isinstance(size, int) or size < 0:
            raise CannotError(f"the upstream lists a file of {name} that is none")
        try:
            check_path(path)
        except WeighbridgeError as error:
            raise CannotError(f"the upstream lists {error.message}") from error
        sha256 = git_id = ""
        if isinstance(large, dict):
            sha256 = str(large.get("oid") or large.get("sha256") or "").removeprefix("sha256:")
            if not is_sha256(sha256) or large.get("size", size) != size:
                raise CannotError(f"the upstream contradicts itself on {path}")
        elif isinstance(entry.get("oid"), str) and is_commit(entry["oid"]):
            git_id = entry["oid"]
        url = f"{self._origin}/{quote(name)}/resolve/{commit}/{quote(path)}"
        return UpstreamFile(path=path, size=size, sha256=sha256, git_id=git_id, url=url)

    def _next(self, url: str, link: str) -> str:
        following = urljoin(url, link)
        if urlsplit(following)[:2] != urlsplit(self._origin)[:2]:
            raise CannotError("the upstream continues its list on another server")
        return following

    async def _json(self, url: str, what: str) -> tuple[Any, str]:
        """Return what an address answers, and where the list goes on."""
        try:
            async with self._fetcher.fetch(url, {"Accept": "application/json", **self._headers}) as answer:
                if answer.status != 200:
                    raise refused(answer.status, what)
                content = await answer.whole(_LARGEST_PAGE)
                following = _NEXT.search(answer.headers.get("link", ""))
        except OutgoingError as error:
            raise unreachable(error) from error
        try:
            return msgspec.json.decode(content), following[1] if following else ""
        except msgspec.MsgspecError as error:
            raise CannotError(f"the upstream answers nonsense for {what}") from error
