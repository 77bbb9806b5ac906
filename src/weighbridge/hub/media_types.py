"""Media types of manifests, and of what they point to, as clients of OCI registries write them.

Sources: OCI image-spec 1.1, "Media Types"; Docker "Image Manifest V 2, Schema 2"; Ollama, `server/create.go` and
`server/images.go`; CNCF model-spec, `specs-go/v1/mediatype.go`; KitOps, `pkg/lib/constants/mediatypes.go`; Docker Model
Runner, `pkg/distribution/types/config.go`.
"""

from collections.abc import Mapping

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_EMPTY = "application/vnd.oci.empty.v1+json"
IMAGES = frozenset({DOCKER_MANIFEST, OCI_MANIFEST})
INDEXES = frozenset({DOCKER_LIST, OCI_INDEX})
MANIFESTS = IMAGES | INDEXES

EMPTY = b"{}"
"""What a config of `OCI_EMPTY` is."""

OLLAMA = "application/vnd.ollama.image."
MODELPACK = "application/vnd.cncf.model.manifest.v1+json"
MODELPACK_CONFIG = "application/vnd.cncf.model.config.v1+json"
MODELPACK_LAYER = "application/vnd.cncf.model."
KITOPS = "application/vnd.kitops.modelkit."
DOCKER_MODEL = "application/vnd.docker.ai."

FILE_PATH = "org.cncf.model.filepath"
TITLE = "org.opencontainers.image.title"
"""Annotation by which ORAS names the file that a layer becomes."""
UNPACK = "io.deis.oras.content.unpack"
"""Annotation by which ORAS says `true` of a folder that it packed; without, an archive is the file that it is."""


def packing(media_type: str, annotations: Mapping[str, object]) -> str:
    """Return how a layer packs files: `tar`, `tar+gzip`, `tar+zstd`; empty for one that is a file.

    KitOps and ModelPack pack any file, and what the type ends in says so. Source: ORAS, `content/file/file.go`.
    """
    _, dot, ending = media_type.partition(".tar")
    packs = media_type.startswith((KITOPS, MODELPACK_LAYER)) or annotations.get(UNPACK) == "true"
    return f"tar{ending}" if dot and packs else ""
