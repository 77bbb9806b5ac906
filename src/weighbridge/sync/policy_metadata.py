"""Metadata of policies as people and server make and sign them. Pure; signing happens where the key is.

Who may sign what stands in the root. People sign root and targets, the server snapshot and timestamp. A signature is
added to a text and nothing in the text changes, so a text can go from one signer to the next.

Source: TUF specification 1.0.34, section 4 "Document formats"; python-tuf makes and checks it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record
from weighbridge.sync.judging import LARGEST_METADATA, RefusalError, plain_keys
from weighbridge.sync.policy_updates import TARGETS, Signed, checked_root, listed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from tuf.api.metadata import Delegations, Metadata  # type: ignore[attr-defined]  # its documented home

ROOT_DAYS, TARGETS_DAYS, SNAPSHOT_DAYS, TIMESTAMP_DAYS = 730, 365, 30, 7
"""How long what is signed is to be believed. Days of `TIMESTAMP_DAYS` offline are normal and change nothing: the last
good policy stays, and says so."""
KINDS = ("root", "targets", "snapshot", "timestamp")
_NO_RULINGS: Mapping[str, bytes] = MappingProxyType({})


@record
class Described:
    """What a text is, for whoever is asked to sign it."""

    kind: str
    version: int
    expires: str
    signed_by: tuple[str, ...]
    """Ids of keys."""
    policies: tuple[Signed, ...] = ()
    """If it is targets."""


def new_root(
    people: "Sequence[EllipticCurvePublicKey | Ed25519PublicKey]",
    threshold: int,
    server: "Ed25519PublicKey",
    now: datetime,
    version: int = 1,
) -> bytes:
    """Return an unsigned root.

    Args:
        people: whose signatures count, for the root itself and for policies.
        threshold: how many of them are needed.
        server: what the server signs with.
        now: when it begins.
        version: one more than that of the root that it follows.

    Raises:
        WeighbridgeError: `E-policy-signatures`: the threshold cannot be met, or would be met by nobody.
    """
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # its documented home
    from tuf.api.metadata import Metadata, Root  # type: ignore[attr-defined]  # its documented home

    keys = {key.keyid: key for key in map(SSlibKey.from_crypto, people)}
    try:
        plain_keys(keys.values())
    except RefusalError:
        kinds = ", ".join(sorted({str(key.scheme)[:40] for key in keys.values()}))
        raise _wrong(
            f"keys of the kind {kinds} cannot sign policies: endpoints check Ed25519 and P-256 alone",
            "`wb sign --new-key NAME` makes one of the right kind",
        ) from None
    if not 0 < threshold <= len(keys):
        raise _wrong(
            f"{threshold} of {len(keys)} different keys cannot sign",
            "give each person's public key once, and a threshold of at most as many",
        )
    root = Root(version=version, expires=in_days(now, ROOT_DAYS), consistent_snapshot=True)
    for key in keys.values():
        root.add_key(key, "root")
        root.add_key(key, "targets")
    root.roles["root"].threshold = root.roles["targets"].threshold = threshold
    online = SSlibKey.from_crypto(server)
    root.add_key(online, "snapshot")
    root.add_key(online, "timestamp")
    return metadata_bytes(Metadata(root))


def new_targets(
    version: int,
    policies: Iterable[tuple[int, str, bytes]],
    now: datetime,
    delegations: "Delegations | None" = None,
) -> bytes:
    """Return unsigned targets.

    Args:
        version: one more than that of the targets before.
        policies: number, title and bundle of each policy that endpoints may have.
        now: when they begin.
        delegations: who may sign rulings (`ruling_metadata.delegated_by`); None: nobody.
    """
    from tuf.api.metadata import Metadata, TargetFile, Targets  # type: ignore[attr-defined]  # its documented home

    files = {}
    for number, title, bundle in policies:
        name = f"policy-{number}.json"
        file = TargetFile.from_data(name, bundle, ["sha256"])
        file.unrecognized_fields["custom"] = {"title": title[:200]}
        files[name] = file
    return metadata_bytes(
        Metadata(Targets(version=version, expires=in_days(now, TARGETS_DAYS), targets=files, delegations=delegations))
    )


def online_metadata(
    targets: bytes,
    snapshot_version: int,
    timestamp_version: int,
    now: datetime,
    key: "Ed25519PrivateKey",
    rulings: Mapping[str, bytes] = _NO_RULINGS,
) -> tuple[bytes, bytes]:
    """Return snapshot and timestamp over signed targets and rulings (by role), signed by the server."""
    from tuf.api.metadata import (  # type: ignore[attr-defined]  # its documented home
        Metadata,
        MetaFile,
        Snapshot,
        Timestamp,
    )

    version = read_metadata(targets, "targets").signed.version
    meta = {TARGETS: MetaFile.from_data(version, targets, ["sha256"])}
    for role, content in sorted(rulings.items()):
        of_role = read_metadata(content, "targets").signed.version
        meta[f"{role}.json"] = MetaFile.from_data(of_role, content, ["sha256"])
    snapshot = Metadata(Snapshot(version=snapshot_version, expires=in_days(now, SNAPSHOT_DAYS), meta=meta))
    first = _signed(snapshot, key)
    over = MetaFile.from_data(snapshot_version, first, ["sha256"])
    expires = in_days(now, TIMESTAMP_DAYS)
    return first, _signed(Metadata(Timestamp(version=timestamp_version, expires=expires, snapshot_meta=over)), key)


def described(content: bytes) -> Described:
    """Return what a text is. Raises WeighbridgeError `E-policy-metadata`: it is none."""
    metadata = read_metadata(content)
    signed = metadata.signed
    return Described(
        kind=signed.type,
        version=signed.version,
        expires=signed.expires.strftime("%Y-%m-%d"),
        signed_by=tuple(sorted(metadata.signatures)),
        policies=listed(signed) if signed.type == "targets" else (),
    )


def add_signature(content: bytes, key: "EllipticCurvePrivateKey | Ed25519PrivateKey") -> bytes:
    """Return a text with one more signature; the same key twice is one. Raises `E-policy-metadata`."""
    return _signed(read_metadata(content), key)


def merged(texts: Sequence[bytes]) -> bytes:
    """Return one text with all signatures of texts that say the same.

    Raises:
        WeighbridgeError: `E-policy-metadata`: one is none; `E-policy-signatures`: they say different things.
    """
    first, *others = [read_metadata(text) for text in texts]
    for other in others:
        if other.signed_bytes != first.signed_bytes:
            raise _wrong("the files that were signed are not the same", "sign copies of one file")
        first.signatures.update(other.signatures)
    return metadata_bytes(first)


def signers_missing(root: bytes, content: bytes) -> int:
    """Return how many signatures of people that count are missing. Raises `E-policy-metadata`."""
    trusted, metadata = read_metadata(root, "root").signed, read_metadata(content)
    said = trusted.get_verification_result(metadata.signed.type, metadata.signed_bytes, metadata.signatures)
    return int(max(0, said.threshold - len(said.signed)))


def signer_ids(root: bytes, role: str) -> set[str]:
    """Return the ids of the keys whose signatures count for one of `KINDS`. Raises `E-policy-metadata`."""
    return {str(key) for key in read_metadata(root, "root").signed.roles[role].keyids}


def next_root_missing(before: bytes, root: bytes) -> int:
    """Return how many signatures a root lacks: enough of its own people, and of those of the root before."""
    return max(signers_missing(root, root), signers_missing(before, root))


def check_root(content: bytes) -> str:
    """Return in words who signs what. Raises WeighbridgeError `E-policy-signatures`: it does not hold by itself."""
    try:
        return checked_root(content)
    except RefusalError as refused:
        raise _wrong(f"the root does not hold: {refused.reason}", "let enough people sign it") from None


def key_id_of(key: "EllipticCurvePublicKey | Ed25519PublicKey") -> str:
    """Return what names a key in metadata."""
    from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # its documented home

    return str(SSlibKey.from_crypto(key).keyid)


def read_metadata(content: bytes, kind: str = "") -> "Metadata[Any]":
    """Return metadata of one of `KINDS`, or of any of them. Raises WeighbridgeError `E-policy-metadata`: it is none."""
    from tuf.api.metadata import Metadata

    what = f"no {kind}" if kind else "no metadata of policies"
    if len(content) > LARGEST_METADATA:
        raise _no_metadata(f"the file is too large to be {kind or 'metadata of policies'}")
    try:
        metadata: Metadata[Any] = Metadata.from_bytes(content)
    except Exception as error:  # noqa: BLE001  (the library promises one kind; hostile values make others)
        raise _no_metadata(f"the file is {what}: {str(error)[:100]}") from None
    if metadata.signed.type not in KINDS or (kind and metadata.signed.type != kind):
        raise _no_metadata(f"the file is {what}")
    return metadata


def _signed(metadata: "Metadata[Any]", key: "EllipticCurvePrivateKey | Ed25519PrivateKey") -> bytes:
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # its documented home

    metadata.sign(CryptoSigner(key), append=True)
    return metadata_bytes(metadata)


def metadata_bytes(metadata: "Metadata[Any]") -> bytes:
    """Return metadata as the text that is signed and sent."""
    from tuf.api.serialization.json import JSONSerializer

    return metadata.to_bytes(JSONSerializer(compact=False)) + b"\n"


def in_days(now: datetime, days: int) -> datetime:
    """Return when something ends that begins now and is believed for so many days."""
    return now.replace(microsecond=0) + timedelta(days=days)


def _wrong(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-policy-signatures", message, hint)


def _no_metadata(message: str) -> WeighbridgeError:
    return WeighbridgeError(
        "E-policy-metadata", message, "`wb fleet policy upload` and `wb fleet policy root` write such"
    )
