"""Makes the manifests of a release, when it is approved or first asked for: reads what they need out of the store."""

from collections.abc import Sequence

from sqlalchemy import Connection

from weighbridge.formats.gguf_header import Broken, HeaderReader
from weighbridge.formats.gguf_types import FILE_TYPES
from weighbridge.hub import blob_index, manifests, models, oci_pushed, release_files, releases, weighed
from weighbridge.hub.hub import Hub
from weighbridge.hub.manifest_evidence import evidence
from weighbridge.hub.manifest_modelpack import modelpacks
from weighbridge.hub.manifest_ollama import LARGEST_SETTINGS, SETTINGS_FILE, Header, ollamas
from weighbridge.hub.manifest_parts import Made
from weighbridge.hub.manifest_pushed import LARGEST_CONFIG, as_pushed, config_of, is_config
from weighbridge.hub.manifests import Frozen
from weighbridge.hub.model_files import variants
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.model.budget import Budget
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import BytesSource, LimitReached

_HEADER = 1 << 20
"""Bytes of a GGUF file that are looked into: what a model is called stands before its vocabulary."""
_MOST_FILES = 20_000
"""Of a release that manifests are made for: more would be larger than what clients take."""


async def freeze(hub: Hub, release_id: str) -> list[Frozen]:
    """Return the manifests of a release, made now if it has none yet.

    Raises:
        WeighbridgeError: `E-blob-read` if bytes of it are not there.
    """
    known = await hub.server.store.read(lambda connection: manifests.of_release(connection, release_id))
    if known:
        return known
    release, files = await hub.server.store.read(lambda connection: _facts(connection, release_id))
    if len(files) > _MOST_FILES:
        return []
    headers = {}
    for one in variants(files):
        weights = one.weights[0]
        headers[weights.path] = header_of(await _beginning(hub, weights, _HEADER))
    by_path = {file.path: file for file in files}
    pushed = by_path.get(SETTINGS_FILE)
    settings = b""
    if pushed is not None and pushed.size <= LARGEST_SETTINGS:
        settings = await _beginning(hub, pushed, LARGEST_SETTINGS)
    own = await _as_pushed(hub, release_id, files)

    def job(connection: Connection) -> list[Frozen]:
        # Somebody else may have made them meanwhile.
        if known := manifests.of_release(connection, release_id):
            return known
        model = models.by_id(connection, release.model_id)
        made = [*own, *modelpacks(model, release, files, hub.origin), *ollamas(files, headers, settings)]
        known_of_it = weighed.of_release(connection, release_id)
        bom, report = weighed.bom_of(connection, release_id), weighed.report_of(connection, release_id)
        made += evidence(made, files, known_of_it, bom or b"", report or b"")
        manifests.freeze(connection, hub.server.clock(), model.model_id, release_id, made)
        return manifests.of_release(connection, release_id)

    return await hub.server.store.write(job)


def header_of(beginning: bytes) -> Header:
    """Return what the beginning of a GGUF file says of it; of what is none, nothing."""
    reader = HeaderReader(BytesSource(beginning), Budget())
    try:
        reader.read()
    except (Broken, LimitReached):
        # What was read before stands; the rest is not needed.
        pass
    header = reader.header
    file_type = header.integer("general.file_type")
    said = "" if file_type is None else FILE_TYPES.get(file_type, "")
    return Header(
        architecture=(header.text("general.architecture") or "")[:64],
        parameters=(header.text("general.size_label") or "")[:16],
        file_type=said,
    )


def _facts(connection: Connection, release_id: str) -> tuple[Release, Sequence[ReleaseFile]]:
    files = release_files.of_release(connection, release_id, limit=_MOST_FILES + 1)
    return releases.by_id(connection, release_id), files


async def _as_pushed(hub: Hub, release_id: str, files: Sequence[ReleaseFile]) -> list[Made]:
    """Return the manifests that the release was made of, those that say what it is."""
    pushed = await hub.server.store.read(lambda connection: oci_pushed.of_release(connection, release_id))
    found = []
    for one in pushed:
        config = config_of(one, files)
        content = None if config is None else await _stored(hub, config.digest.partition(":")[2], LARGEST_CONFIG)
        if content is not None and is_config(content):
            found.append(as_pushed(one, content))
    return found


async def _beginning(hub: Hub, file: ReleaseFile, most: int) -> bytes:
    content = await _stored(hub, file.sha256, most)
    if content is None:
        raise WeighbridgeError(
            "E-blob-read", f"the bytes of {file.path} are not in the store", "`wb hub check` says what is missing"
        )
    return content


async def _stored(hub: Hub, sha256: str, most: int) -> bytes | None:
    """Return the first bytes of what is stored; None if nothing is."""
    blob = await hub.server.store.read(lambda connection: blob_index.find(connection, sha256))
    if blob is None:
        return None
    return b"".join([piece async for piece in hub.blobs.read(blob.place, blob.sha256, 0, min(blob.size, most))])
