"""What llama.cpp's `-hf` asks, step by step, as its source has it: `common/hf-cache.cpp` and `common/download.cpp`.

The server inside the wheel that other tests use has no downloader, so this walks its way: branches, tree of the commit,
head of the file, then its bytes, going on after a break only if the head spoke of ranges.
"""

import hashlib
import re

import pytest
from tests.hub.approved import approved, bearer, moved

from weighbridge.hub.states import State

WEIGHTS = b"GGUF" + bytes(range(256)) * 40


class LlamaCpp:
    """A walk through the downloader."""

    def __init__(self, served) -> None:
        token = bearer(served)["Authorization"].removeprefix("Bearer ")
        # Any other token is dropped, and nobody is told.
        assert re.fullmatch(r"hf_[A-Za-z0-9]{34,253}", token)
        self._client = served.client()
        self._client.headers.update({"Authorization": f"Bearer {token}", "User-Agent": "llama-cpp/b9999"})

    def asked(self, path: str):
        """Return what the API says; what it refuses is shown as the text of `error`."""
        answer = self._client.get(path, headers={"Accept": "application/json"})
        if answer.status_code != 200:
            assert isinstance(answer.json()["error"], str)
            raise RuntimeError(answer.json()["error"])
        return answer.json()

    def files(self, repository: str) -> dict[str, str]:
        """Return the files of `main`: addresses and digests."""
        assert repository.count("/") == 1
        refs = self.asked(f"/api/models/{repository}/refs")["branches"]
        commit = next(ref["targetCommit"] for ref in refs if ref["name"] == "main")
        assert re.fullmatch("[0-9a-f]{40}", commit)
        listed = self.asked(f"/api/models/{repository}/tree/{commit}?recursive=true")
        return {
            f"/{repository}/resolve/{commit}/{one['path']}": one["lfs"]["oid"]
            for one in listed
            if one["type"] == "file"
        }

    def download(self, address: str, broken_at: int = 0) -> bytes:
        """Return a file that breaks off once."""
        head = self._client.head(address)
        assert head.status_code == 200
        size, ranges = int(head.headers["Content-Length"]), head.headers["Accept-Ranges"] != "none"
        have = self._client.get(address).content[:broken_at]
        answer = self._client.get(address, headers={"Range": f"bytes={len(have)}-"} if ranges and have else {})
        assert answer.status_code == (206 if have else 200)
        body = have + answer.content
        assert len(body) == size
        return body


@pytest.mark.parametrize("broken_at", [0, 3_000])
def test_a_model(served, broken_at):
    approved(served, {"tiny-Q4_0.gguf": WEIGHTS, "README.md": b"#"}, name="acme/tiny-gguf")
    client = LlamaCpp(served)
    files = client.files("acme/tiny-gguf")
    address = next(address for address in files if address.endswith(".gguf"))
    body = client.download(address, broken_at)
    assert hashlib.sha256(body).hexdigest() == files[address] == hashlib.sha256(WEIGHTS).hexdigest()


def test_what_its_people_read(served):
    client = LlamaCpp(served)
    with pytest.raises(RuntimeError, match=r"acme/none is not in the catalog\. Ask for it: .*request\?model=acme/none"):
        client.files("acme/none")
    release = approved(served, {"a.gguf": WEIGHTS}, name="acme/gone")
    moved(served, release, State.REVOKED, "it phones home")
    with pytest.raises(RuntimeError, match="was revoked: it phones home"):
        client.files("acme/gone")
