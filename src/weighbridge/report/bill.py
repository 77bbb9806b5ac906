"""What the two renderers of bills of materials share: the record from a scan, and the text of a document."""

from collections.abc import Callable, Iterable
from typing import Any

from weighbridge.bom.build import from_scan
from weighbridge.bom.check import problems
from weighbridge.bom.component import Bom
from weighbridge.bom.distribution import Distribution
from weighbridge.bom.places import Places
from weighbridge.model.artifact import Scan
from weighbridge.report.indented import indented
from weighbridge.report.renderer import Context

Write = Callable[[Bom], dict[str, Any]]


def places_of(context: Context) -> Places:
    """Return how a report's paths are shown in documents that leave the machine."""
    return Places(context.roots, context.home, absolute=context.absolute_paths)


def bill(scan: Scan, context: Context, distributions: Iterable[Distribution] = ()) -> Bom:
    """Return the record of a scan.

    Args:
        scan: complete or partial result.
        context: version, scanned paths, time if the caller gave one.
        distributions: Python distributions found beside the models.
    """
    return from_scan(
        scan,
        places_of(context),
        tool=context.version,
        timestamp=context.timestamp,
        distributions=distributions,
    )


def written(bom: Bom, write: Write, *, checked: bool = False) -> str:
    """Return the text of a document, ending in a newline.

    Args:
        bom: the record.
        write: makes the document of one format.
        checked: whether references, digests and licenses of the document are looked at again before it leaves; a
            problem is a bug of ours and raises RuntimeError.
    """
    document = write(bom)
    if checked and (found := problems(document)):
        raise RuntimeError(f"the document is not sound: {'; '.join(found[:3])}")
    return indented(document) + "\n"
