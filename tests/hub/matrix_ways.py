"""Every way to a model, by the route that it goes through: a route of the hub that has none here fails its test."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import urlencode

from weighbridge.hub.call import Route

OCI = {"Accept": "application/vnd.oci.image.manifest.v1+json"}
OLLAMA = {"Accept": "application/vnd.docker.distribution.manifest.v2+json"}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Facts(NamedTuple):
    """What somebody knows who had a model in hands once."""

    name: str
    commit: str
    path: str
    sha256: str
    size: int
    manifest: str
    """The digest of a manifest that was served once, or of none."""
    link: str
    """A link to the bytes that was made while they were served, or of nothing."""


class Way(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    opens: bool = False
    """Whether it is answered well to whoever may read a served model, and badly to all others."""
    content: bytes = b""
    """What its answer holds then."""
    answers: tuple[int, ...] = (200, 206)
    """Its status then."""


Ways = Callable[[Facts, bytes], list[Way]]


def key(route: Route) -> str:
    """Return what a route is called here."""
    return f"{route.face} {route.answer.__module__.rpartition('.')[2]}.{route.answer.__name__}"


def _json(method: str, path: str, value: object) -> Way:
    return Way(method, path, JSON, json.dumps(value).encode())


def _conditional(path: str, f: Facts) -> list[Way]:
    """Return requests that are answered in a few words to those who know a digest, or the size, already."""
    known = [Way("GET", path, {"If-None-Match": tag}, opens=True, answers=(304,)) for tag in (f'"{f.sha256}"', "*")]
    far = Way("GET", path, {"Range": f"bytes={f.size + 9}-"}, opens=True, answers=(416,))
    return [*known, far, Way("HEAD", path, {"If-None-Match": f'"{f.sha256}"'}, opens=True, answers=(200, 304))]


def _info(f: Facts, _: bytes) -> list[Way]:
    named = f"/api/models/{f.name}"
    revisions = [f"{named}/revision/{one}" for one in ("main", f.commit)]
    asked = [
        named,
        *revisions,
        f"{named}?blobs=true",
        f"{named}?securityStatus=true",
        f"{revisions[0]}?expand=siblings",
        f"{named}?expand=sha&expand=lastModified&expand=usedStorage&expand=downloads",
    ]
    return [Way("GET", one, opens=True, content=b"" if "expand" in one else f.path.encode()) for one in asked]


def _resolve(f: Facts, content: bytes) -> list[Way]:
    ways = []
    for revision in ("main", f.commit):
        path = f"/{f.name}/resolve/{revision}/{f.path}"
        ways += [Way("GET", path, opens=True, content=content), Way("HEAD", path, opens=True)]
        ways += [Way("GET", path, {"Range": "bytes=0-9"}, opens=True, content=content[:10])]
        ways += [Way("GET", path, {"Range": "bytes=-10"}, opens=True, content=content[-10:])]
    return [
        *ways,
        *_conditional(ways[0].path, f),
        Way("GET", f"/{f.name}/resolve/v1/{f.path}"),
        Way("GET", f"/{f.name}/resolve/refs%2Fpr%2F1/{f.path}"),
    ]


def _tree(f: Facts, _: bytes) -> list[Way]:
    trees = [f"/api/models/{f.name}/tree/{revision}" for revision in ("main", f.commit)]
    return [
        Way("GET", one + more, opens=True, content=f.path.encode()) for one in trees for more in ("", "?recursive=true")
    ]


def _manifests(f: Facts, _: bytes) -> list[Way]:
    repository = f"/v2/{f.name.lower()}/manifests"
    ways = [
        Way("GET", f"{repository}/{reference}", kind, opens=reference == "latest", content=f.sha256.encode())
        for reference in ("latest", "main", f.commit)
        for kind in (OCI, OLLAMA)
    ]
    digest = [Way(method, f"{repository}/{f.manifest}", OCI, opens=True) for method in ("GET", "HEAD")]
    return [*ways, *digest, Way("HEAD", f"{repository}/latest", OCI, opens=True)]


def _blobs(f: Facts, content: bytes) -> list[Way]:
    path = f"/v2/{f.name.lower()}/blobs/sha256:{f.sha256}"
    part = Way("GET", path, {"Range": "bytes=0-9"}, opens=True, content=content[:10])
    return [
        Way("GET", path, opens=True, content=content),
        Way("HEAD", path, opens=True),
        part,
        *_conditional(path, f),
    ]


def _link(f: Facts, content: bytes) -> list[Way]:
    part = Way("GET", f.link, {"Range": "bytes=0-9"}, opens=True, content=content[:10])
    bare = f.link.partition("?")[0]
    whole = Way("GET", f.link, opens=True, content=content)
    return [whole, Way("HEAD", f.link, opens=True), part, Way("GET", bare), *_conditional(f.link, f)]


def _mount(f: Facts, _: bytes) -> list[Way]:
    uploads = "/v2/lab/mine/blobs/uploads/"
    query = urlencode({"mount": f"sha256:{f.sha256}", "from": f.name.lower()})
    return [Way("POST", f"{uploads}?{query}"), Way("POST", f"{uploads}?mount=sha256:{f.sha256}"), Way("POST", uploads)]


def _batch(f: Facts, _: bytes) -> list[Way]:
    wanted = {"objects": [{"oid": f.sha256, "size": f.size}], "transfers": ["basic"], "hash_algo": "sha256"}
    paths = [f"/{name}.git/info/lfs/objects/batch" for name in (f.name, "lab/mine")]
    return [_json("POST", path, wanted | {"operation": what}) for path in paths for what in ("download", "upload")]


def _commit(f: Facts, _: bytes) -> list[Way]:
    file = {"path": "taken.bin", "algo": "sha256", "oid": f.sha256, "size": f.size}
    lines = [{"key": "header", "value": {"summary": "take"}}, {"key": "lfsFile", "value": file}]
    body = "\n".join(json.dumps(line) for line in lines).encode()
    return [Way("POST", "/api/models/lab/mine/commit/main", {"Content-Type": "application/x-ndjson"}, body)]


def _search(f: Facts, _: bytes) -> list[Way]:
    namespace, _, name = f.name.partition("/")
    queries = ["", f"?search={name}", f"?author={namespace}", f"?search={name}&full=true", f"?search={f.path}"]
    queries += [f"?search={name}&expand=siblings&expand=sha", "?sort=downloads&direction=-1&limit=1000", "?filter=gguf"]
    ways = [Way("GET", f"/api/models{query}") for query in queries]
    return [*ways, Way("GET", f"/api/models?search={name}&limit=1000", opens=True, content=f.name.encode())]


def _paths(f: Facts, _: bytes) -> list[Way]:
    body = urlencode({"paths": f.path, "expand": "true"}).encode()
    paths = [f"/api/models/{f.name}/paths-info/{revision}" for revision in ("main", f.commit)]
    return [Way("POST", path, FORM, body, opens=True, content=f.sha256.encode()) for path in paths]


def _one(method: str, path: str, **more: object) -> Ways:
    return lambda f, _: [Way(method, path.format(f=f, lower=f.name.lower()), **more)]


_UPLOAD = "/v2/{lower}/blobs/uploads/" + "0" * 32
WAYS: dict[str, Ways] = {
    "blob signed_links.signed_blob": _link,
    "hf hf_account.agent_harnesses": _one("GET", "/api/agent-harnesses"),
    "hf hf_account.auth_check": _one("GET", "/api/models/{f.name}/auth-check", opens=True),
    "hf hf_account.auth_check_write": _one("GET", "/api/models/{f.name}/auth-check/write"),
    "hf hf_account.telemetry": _one("HEAD", "/api/telemetry/{f.name}"),
    "hf hf_account.whoami": _one("GET", "/api/whoami-v2"),
    "hf hf_branches.create_branch": lambda f, _: [
        _json("POST", f"/api/models/{f.name}/branch/taken", {"startingPoint": f.commit})
    ],
    "hf hf_branches.create_tag": lambda f, _: [
        _json("POST", f"/api/models/{f.name}/tag/{f.commit}", {"tag": "taken-tag"})
    ],
    "hf hf_branches.delete_branch": _one("DELETE", "/api/models/{f.name}/branch/none"),
    "hf hf_branches.delete_tag": _one("DELETE", "/api/models/{f.name}/tag/none"),
    "hf feed_face.show_feed": _one("GET", "/api/v1/hub/revocations"),
    "hf hf_browse.browse": lambda f, _: [Way("GET", f"/{f.name}"), Way("GET", f"/{f.name}/blob/main/{f.path}")],
    "hf hf_browse.not_by_this_api": _one("DELETE", "/api/repos/delete/{f.name}"),
    "hf hf_browse.no_discussion": _one("GET", "/api/models/{f.name}/discussions"),
    "hf hf_browse.nothing_here": _one("GET", "/api/datasets/{f.name}"),
    "hf hf_commit.commit": _commit,
    "hf hf_create.create_model": lambda f, _: [
        _json("POST", "/api/repos/create", {"name": f.name.partition("/")[2], "organization": f.name.partition("/")[0]})
    ],
    "hf hf_create.validate_card": lambda f, _: [
        _json("POST", "/api/validate-yaml", {"content": f.name, "repoType": "model"})
    ],
    "hf hf_info.model_info": _info,
    "hf hf_lfs.batch": _batch,
    "hf hf_lfs.put_whole": _one("PUT", "/lfs/{f.sha256}"),
    "hf hf_lfs.verify": lambda f, _: [
        _json("POST", f"/{f.name}.git/info/lfs/verify", {"oid": f.sha256, "size": f.size})
    ],
    "hf hf_lfs_parts.end_parts": _one("POST", "/lfs/parts/" + "0" * 32),
    "hf hf_lfs_parts.put_part": _one("PUT", "/lfs/parts/" + "0" * 32 + "/1"),
    "hf hf_login.begin_login": _one("POST", "/oauth/device"),
    "hf hf_login.give_token": _one("POST", "/oauth/token"),
    "hf hf_models.list_models": _search,
    "hf hf_paths.paths_info": _paths,
    "hf hf_preupload.preupload": lambda f, _: [
        _json(
            "POST", f"/api/models/{f.name}/preupload/main", {"files": [{"path": f.path, "size": f.size, "sample": ""}]}
        )
    ],
    "hf hf_refs.commits": lambda f, _: [
        Way("GET", f"/api/models/{f.name}/commits/{one}", opens=True, content=f.commit.encode())
        for one in ("main", f.commit)
    ],
    "hf hf_refs.refs": _one("GET", "/api/models/{f.name}/refs", opens=True),
    "hf hf_resolve.resolve": _resolve,
    "hf hf_tree.tree": _tree,
    "hf hf_xet.put_shard": _one("POST", "/xet/any/1/v1/shards"),
    "hf hf_xet.put_shard_and_tell": _one("POST", "/xet/any/1/v2/shards"),
    "hf hf_xet.put_xorb": _one("POST", "/xet/any/1/v1/xorbs/default/{f.sha256}"),
    "hf hf_xet.query_chunk": _one("GET", "/xet/any/1/v1/chunks/default-merkledb/{f.sha256}"),
    "hf hf_xet.telemetry": _one("POST", "/v1/telemetry"),
    "hf hf_xet.write_token": _one("GET", "/api/models/{f.name}/xet-write-token/main"),
    "oci oci_blobs.get_blob": _blobs,
    "oci oci_deleting.delete_blob": _one("DELETE", "/v2/lab/mine/blobs/sha256:{f.sha256}"),
    "oci oci_deleting.delete_manifest": _one("DELETE", "/v2/lab/mine/manifests/{f.manifest}"),
    "oci oci_link.linked": _one("GET", "/v2/link/{lower}/manifests/latest"),
    "oci oci_lists.list_referrers": lambda f, _: [
        Way("GET", f"/v2/{f.name.lower()}/referrers/{one}") for one in (f.manifest, f"sha256:{f.sha256}")
    ],
    "oci oci_lists.list_tags": _one("GET", "/v2/{lower}/tags/list"),
    "oci oci_manifests.get_manifest": _manifests,
    "oci oci_push.put_manifest": _one("PUT", "/v2/lab/mine/manifests/latest", headers=OCI, body=b"{}"),
    "oci oci_lists.support": _one("GET", "/v2/"),
    "oci oci_token.get_token": _one("GET", "/token?service=hub&scope=repository:{lower}:pull"),
    "oci oci_uploads.begin_upload": _mount,
    "oci oci_uploads.cancel_upload": _one("DELETE", _UPLOAD),
    "oci oci_uploads.finish_upload": lambda f, _: [
        Way("PUT", f"/v2/lab/mine/blobs/uploads/{'0' * 32}?digest=sha256:{f.sha256}")
    ],
    "oci oci_uploads.send_part": _one("PATCH", _UPLOAD),
    "oci oci_uploads.upload_state": _one("GET", _UPLOAD),
}
"""Sorted by nothing but the faces; the test compares the names."""
