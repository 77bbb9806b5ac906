"""A client that pushes, for tests of the registry."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.fleet.serving import Running
from tests.hub.shelved import bearer, reader

from weighbridge.fleet.permissions import Role
from weighbridge.hub import hub_tokens
from weighbridge.hub.media_types import OCI_MANIFEST


def digest(content: bytes, algorithm: str = "sha256") -> str:
    """Return a digest as OCI writes it."""
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


class Pusher:
    """Somebody who may publish."""

    def __init__(self, running: Running, name: str = "pia", role: Role = Role.ADMINISTRATOR) -> None:
        self.running = running
        self.headers = bearer(reader(running, name, role=role, right=hub_tokens.WRITE))
        self.client = running.client()

    def ask(self, method: str, path: str, content: bytes = b"", **headers: str):
        """Send a request; `path` may be a whole address."""
        if path.startswith("http"):
            parts = urlsplit(path)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        elif not path.startswith("/"):
            path = f"/v2/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, path, content=content, headers=self.headers | named)

    def blob(self, content: bytes, name: str = "acme/pushed", algorithm: str = "sha256") -> str:
        """Push a blob; return its digest."""
        said = digest(content, algorithm)
        begun = self.ask("POST", f"{name}/blobs/uploads/")
        assert begun.status_code == 202, begun.text
        done = self.ask("PUT", f"{begun.headers['location']}?digest={said}", content)
        assert done.status_code == 201, done.text
        return said

    def descriptor(self, content: bytes, media_type: str, name: str = "acme/pushed", **more: Any) -> dict[str, Any]:
        """Push a blob; return what points to it."""
        return {"mediaType": media_type, "digest": self.blob(content, name), "size": len(content), **more}

    def manifest(self, value: Mapping[str, Any], reference: str, name: str = "acme/pushed"):
        """Push a manifest; return the answer."""
        content = json.dumps(value).encode()
        return self.ask("PUT", f"{name}/manifests/{reference}", content, content_type=value["mediaType"])

    def image(self, **more: Any) -> dict[str, Any]:
        """Return a manifest of an image that is no model, its blobs pushed."""
        config = self.descriptor(b"{}", "application/vnd.oci.image.config.v1+json")
        layer = self.descriptor(b"layer", "application/vnd.oci.image.layer.v1.tar")
        return {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [layer], **more}
