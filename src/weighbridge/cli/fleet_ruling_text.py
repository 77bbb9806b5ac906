"""What a person reads before they sign revocations, exceptions or approvals: the text, which the signature is about."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from weighbridge.cli.named_file import content_of
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.escape import visible
from weighbridge.report.words import counted

if TYPE_CHECKING:
    from weighbridge.sync.approvals import ApprovedModel

_SHOWN = 200


def read_ruling(metadata: bytes, path: str | None) -> Iterator[str]:
    """Yield what somebody is about to sign, for people.

    Args:
        metadata: what is signed.
        path: the text that it is about; None: nobody gave it.

    Raises:
        WeighbridgeError: `E-policy-signatures`: it is another text; `E-policy-metadata`: it cannot be read.
    """
    from hashlib import sha256

    from weighbridge.sync.approvals import read_approvals
    from weighbridge.sync.ruling_metadata import ruling_digest
    from weighbridge.sync.rulings import CATALOG, EXCEPTIONS, read_exceptions, read_revocations

    role, number, digest = ruling_digest(metadata)
    if path is None:
        yield f"{role} {number}  {digest}  (--text FILE shows what it says)"
        return
    content = _read(path)
    if sha256(content).hexdigest() != digest:
        raise WeighbridgeError(
            "E-policy-signatures",
            f"{path} is not what {role} {number} are about",
            "nothing was signed; ask who wrote the files",
            exit_code=1,
        )
    try:
        if role == CATALOG:
            said = read_approvals(content)
            yield f"{role} {number}: {counted(len(said.approved), 'release')} may be used, {said.left_out} had no room"
            yield from (f"  {approval_line(one)}" for one in said.approved[:_SHOWN])
            return
        if role == EXCEPTIONS:
            found = read_exceptions(content).exceptions
            yield f"{role} {number}: {counted(len(found), 'exception')} in force"
            for exempted in found[:_SHOWN]:
                what = exempted.rule or exempted.check
                where = "everywhere" if exempted.endpoints is None else counted(len(exempted.endpoints), "endpoint")
                yield f"  {what} for {(exempted.sha256 or exempted.thing)[:12]}, {where}, until {exempted.until}"
                yield f"    {visible(exempted.owner, 60)} answers for it: {visible(exempted.reason, 200)}"
            return
        models = read_revocations(content, role).revoked
        yield f"{role} {number}: {counted(len(models), 'model')} revoked"
        for one in models[:_SHOWN]:
            yield f"  {one.sha256}  {visible(one.reason, 200)}"
    except ValueError as error:
        raise WeighbridgeError("E-policy-metadata", f"{path}: {error}", "ask who wrote it") from None


def approval_line(one: "ApprovedModel") -> str:
    """Return one approval, for people."""
    name = visible(f"{one.model} {one.version}".rstrip(), 80) if one.model else "(in a closed namespace)"
    state = "deprecated" if one.deprecated else "approved"
    data = ", ".join(one.data_classes) or "no data said"
    return f"{one.weights[0][:12]}  {name}  {state}  {visible(data, 80)}  until {one.until}"


def _read(path: str) -> bytes:
    from weighbridge.sync.rulings import LARGEST_RULINGS

    try:
        return content_of(path, LARGEST_RULINGS)
    except OSError as error:
        raise WeighbridgeError(
            "E-policy-metadata", f"{path}: {error.strerror}", "name the text beside the file"
        ) from None
