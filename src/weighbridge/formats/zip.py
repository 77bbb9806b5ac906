"""Plain ZIP archives (jar, wheel, docx, apk, ...): every member is a file of its own.

Source: PKWARE APPNOTE 6.3.10; see `zip_directory` for what is compared.
"""

from weighbridge.formats.reader import Reader, Reading, Signature
from weighbridge.formats.zip_children import children_of, packing
from weighbridge.formats.zip_directory import LOCAL_MAGIC, looks_like_zip, parse
from weighbridge.formats.zip_end import END_MAGIC
from weighbridge.model.budget import Budget
from weighbridge.model.source import ByteSource


def _read(source: ByteSource, budget: Budget) -> Reading:
    directory = parse(source, budget)
    excess = packing(directory, budget)
    children, unread = ((), ()) if excess else children_of(source, directory, budget)
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
