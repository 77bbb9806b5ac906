"""Plain ZIP archives (jar, wheel, docx, apk, ...): every member is a file of its own.

Source: PKWARE APPNOTE 6.3.10; see `zip_directory` for what is compared.
"""

from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.formats.zip_children import children_of, is_package, packing
from weighbridge.formats.zip_directory import LOCAL_MAGIC, looks_like_zip, parse
from weighbridge.formats.zip_end import END_MAGIC
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource
from weighbridge.model.stream_source import StreamSource


def _read(source: ByteSource, budget: Budget) -> Reading:
    directory = parse(source, budget)
    package = is_package(directory) and not getattr(source, "expanded", False)
    excess = packing(directory, budget, package=package)
    children, unread = ((), ()) if excess else children_of(source, directory, budget)
    for child in children:
        if package and isinstance(child.source, StreamSource):
            child.source.archive = True
    return Reading(
        format="zip",
        holds_model=False,
        observations=(*directory.observations, *excess, *unread),
        children=children,
    )


READER = Reader(
    id="zip",
    title="ZIP archive",
    recognize=looks_like_zip,
    read=_read,
    signatures=(Signature(magic=LOCAL_MAGIC), Signature(magic=b"PK00" + LOCAL_MAGIC)),
    at_end=END_MAGIC,
    general=True,
)
