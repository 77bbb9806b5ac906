"""Facts under a signature: what a verified signature covers is `signed`, where it was only `declared`.

In: a scan, a signature file, what the caller trusts. Out: the scan with raised grades. Opens no socket; writes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace

from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.place import Place, display
from weighbridge.model.record import record
from weighbridge.pipeline.signatures import verify_model
from weighbridge.pipeline.signed_files import list_files
from weighbridge.signing.manifest import WHOLE
from weighbridge.signing.verification import Outcome, Trust, Verification, open_signature

SIGNATURE_FACT = "signature"
"""Names who signed; an artifact has it only under a signature that holds."""


@record
class Covered:
    """What a signature that holds covers on a machine."""

    fact: Fact
    """Who signed."""
    digests: Mapping[bytes, str | None]
    """Real path of every covered file to its signed SHA-256; None where the signature uses other digests."""


def covered_by(machine: Machine, model: bytes, content: bytes, trust: Trust, *, signature: bytes) -> Covered:
    """Return what the signature file `content` covers.

    Args:
        machine: where.
        model: the file or folder that was signed, absolute.
        content: the signature file.
        trust: a key, or roots and a time.
        signature: path of the signature file, which is not part of the model.

    Raises:
        WeighbridgeError: `E-signature-fails` if it does not hold for the model as a whole.
    """
    opened = open_signature(content, trust)
    if isinstance(opened, Verification):
        raise _fails(signature, opened)
    found = verify_model(machine, model, content, trust, signature=signature)
    if found.outcome is not Outcome.VERIFIED:
        raise _fails(signature, found)
    manifest = opened.manifest
    whole = manifest.shard_size is None and manifest.algorithm == "sha256"
    signed = {resource.path: resource.digest if whole else None for resource in manifest.resources}
    listing = list_files(
        machine, model, manifest.ignored, follow_links=manifest.allow_links, signature=signature, listed=signed
    )
    if listing.single and WHOLE in signed:
        listing.files = {WHOLE: next(iter(listing.files.values()))}
    name = display(signature.replace(b"\\", b"/").rpartition(b"/")[2])
    return Covered(
        fact=Fact(
            name=SIGNATURE_FACT, value=opened.signer, grade=Grade.SIGNED, source=f"OpenSSF Model Signing, {name}"
        ),
        digests={path: signed[at] for at, path in listing.files.items() if at in signed},
    )


def with_signed_facts(machine: Machine, scan: Scan, covered: Covered) -> Scan:
    """Return `scan` with grade `signed` on what the covered files declare.

    An artifact counts only if every one of its places is a covered file whose content is the signed one. What a store
    says of it stands in the store's own files, which no model signature covers, so such facts stay as they are.
    """
    return replace(scan, artifacts=tuple(_raised(machine, artifact, covered) for artifact in scan.artifacts))


def _raised(machine: Machine, artifact: Artifact, covered: Covered) -> Artifact:
    if not artifact.places or not all(_is_covered(machine, artifact, place, covered) for place in artifact.places):
        return artifact
    if any(place.store is not None for place in artifact.places):
        return replace(artifact, facts=(*artifact.facts, covered.fact))
    said = {str(fact.value) for fact in artifact.facts if fact.name.startswith("base_model")}
    return replace(
        artifact,
        facts=(*(_signed(fact) for fact in artifact.facts), covered.fact),
        ancestry=tuple(
            replace(one, grade=Grade.SIGNED) if one.grade is Grade.DECLARED and one.name in said else one
            for one in artifact.ancestry
        ),
    )


def _is_covered(machine: Machine, artifact: Artifact, place: Place, covered: Covered) -> bool:
    try:
        path = machine.resolve(place.path)
    except OSError:
        return False
    if path not in covered.digests:
        return False
    digest = covered.digests[path]
    # A member has a digest of its own; the archive around it was compared when the signature was verified.
    return digest is None or place.member is not None or digest == artifact.sha256


def _signed(fact: Fact) -> Fact:
    return replace(fact, grade=Grade.SIGNED) if fact.grade is Grade.DECLARED else fact


def _fails(signature: bytes, found: Verification) -> WeighbridgeError:
    problem = found.problems[0]
    more = f", and {len(found.problems) - 1} more" if len(found.problems) > 1 else ""
    about = f"{problem.path}: {problem.reason}" if problem.path else problem.reason
    return WeighbridgeError(
        "E-signature-fails",
        f"the signature {display(signature)} proves nothing here: {about}{more}",
        "`wb verify` lists every difference; without --key the same facts are written as declared",
    )
