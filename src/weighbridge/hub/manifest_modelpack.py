"""The ModelPack manifest of a release: each file is one raw layer, so that its digest is that of the file on all faces.

Source: CNCF model-spec, "Model Format Specification", "Model Artifact Configuration", "Annotations".
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from weighbridge.hub.manifest_parts import LARGEST_MANIFEST, Made, descriptor, encoded
from weighbridge.hub.media_types import FILE_PATH, MODELPACK, MODELPACK_CONFIG, MODELPACK_LAYER, OCI_MANIFEST, TITLE
from weighbridge.hub.model_files import WEIGHT, Variant, role, variants
from weighbridge.hub.models import Model
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release

KIND = "modelpack"


def modelpacks(model: Model, release: Release, files: Sequence[ReleaseFile], origin: str) -> list[Made]:
    """Return the manifest of all files, then, where there are several quantizations, one for each.

    What would be larger than registries and clients take is left out.
    """
    found = variants(files)
    made = [_made(model, release, files, origin, tags=(), said="")]
    # One with a part of the files is worth having where most of the bytes of the whole are not wanted.
    if len(found) > 1:
        of_variants = {file.path for variant in found for file in variant.weights}
        common = [file for file in files if file.path not in of_variants]
        made += [_of_variant(model, release, variant, common, origin) for variant in found]
    return [one for one in made if len(one.content) <= LARGEST_MANIFEST]


def _of_variant(model: Model, release: Release, variant: Variant, common: Sequence[ReleaseFile], origin: str) -> Made:
    files = sorted((*common, *variant.weights), key=lambda one: one.path)
    return _made(model, release, files, origin, tags=variant.tags, said=variant.quantization)


def _made(
    model: Model, release: Release, files: Sequence[ReleaseFile], origin: str, *, tags: tuple[str, ...], said: str
) -> Made:
    config = encoded(
        {
            "descriptor": _about(model, release, origin),
            "config": _technical(files, said),
            "modelfs": {"type": "layers", "diffIds": [f"sha256:{file.sha256}" for file in files]},
        }
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": MODELPACK,
        "config": descriptor(MODELPACK_CONFIG, config),
        "layers": [layer(file) for file in files],
        "annotations": _annotations(model, release, origin),
    }
    return Made(
        kind=KIND,
        media_type=OCI_MANIFEST,
        content=encoded(manifest),
        tags=tags,
        artifact_type=MODELPACK,
        contents=(config,),
    )


def layer(file: ReleaseFile) -> dict[str, Any]:
    """Return what points to a file of a release."""
    return {
        "mediaType": f"{MODELPACK_LAYER}{role(file.path)}.v1.raw",
        "digest": f"sha256:{file.sha256}",
        "size": file.size,
        "annotations": {FILE_PATH: file.path, TITLE: file.path},
    }


def _about(model: Model, release: Release, origin: str) -> dict[str, Any]:
    about: dict[str, Any] = {
        "createdAt": _time(release.created_at),
        "name": model.name,
        "vendor": model.namespace,
        "version": release.version,
        "title": model.full_name,
        "description": model.summary,
        "docURL": f"{origin}/catalog/{model.full_name}",
        "revision": release.commit_id,
        "licenses": [release.license] if release.license else [],
    }
    return {name: value for name, value in about.items() if value}


def _technical(files: Sequence[ReleaseFile], said: str) -> dict[str, Any]:
    endings = {file.path.rpartition(".")[2].lower() for file in files if role(file.path) == WEIGHT}
    technical = {"format": ",".join(sorted(endings)), "quantization": said}
    return {name: value for name, value in technical.items() if value}


def _annotations(model: Model, release: Release, origin: str) -> Mapping[str, str]:
    """Return what a person is told who looks at the manifest alone, for guidance on the wire."""
    said = {
        "org.opencontainers.image.created": _time(release.created_at),
        "org.opencontainers.image.title": model.full_name,
        "org.opencontainers.image.description": model.summary,
        "org.opencontainers.image.version": release.version,
        "org.opencontainers.image.revision": release.commit_id,
        "org.opencontainers.image.vendor": model.namespace,
        "org.opencontainers.image.licenses": release.license,
        "org.opencontainers.image.documentation": f"{origin}/catalog/{model.full_name}",
        "org.weighbridge.guidance": release.guidance,
        "org.weighbridge.data-classes": release.data_classes,
    }
    return {name: value for name, value in said.items() if value}


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
