"""XML as a bounded stream of elements, without entities and without anything from outside.

Source: XML 1.0, sections 2.8 (document type), 4.2 (entities). Declarations of entities and external document types are
noted and never resolved: expanding them is how XML reads files, calls addresses and fills memory.
"""

import re
from collections.abc import Callable
from xml.parsers import expat

from weighbridge.formats.gathering import Gathering
from weighbridge.model.observation import Damage, Escape, OutsideReference, Unread
from weighbridge.model.source import ByteSource, LimitReached

MOST_BYTES = 48 << 20
MOST_ELEMENTS = 1_500_000
MOST_DEPTH = 500
LONGEST_TOKEN = 4 << 20
_STEP = 64 << 10
_LONGEST_PROLOG = 256 << 10
_UTF16 = (b"\xff\xfe", b"\xfe\xff")

_PROLOG = re.compile(
    rb"<\?[^>]{0,4000}>|<!--(?:(?!-->).){0,4000}-->|<!DOCTYPE[^\[>]{0,1000}(?:\[[^\]]{0,4000}\]\s{0,99})?>", re.DOTALL
)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]{0,80})")

Start = Callable[[str, dict[str, str], tuple[str, ...]], None]
"""Gets local name, attributes and the local names of the elements around it."""


class _Found(Exception):  # noqa: N818  (ends a parse; no error)
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def local(name: str) -> str:
    """Return a name without its namespace prefix."""
    return name.rpartition(":")[2]


BEGINNINGS = b"< \t\r\n\0\xef\xfe\xff"
"""First bytes with which `starts_xml` can say yes."""


def starts_xml(head: bytes) -> bool:
    """Tell whether the first visible character is `<`, in UTF-8 or UTF-16."""
    if head[:1] == b"<":
        return True
    if head[:2] in _UTF16:
        return b"<" in head[2:4]
    return head[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")[:1] == b"<" or head[:4] in (
        b"<\0?\0",
        b"\0<\0?",
    )


def root_name(source: ByteSource, head: bytes) -> str | None:
    """Return the local name of the root element; None if there is none within the first 256 KiB."""
    parser = expat.ParserCreate()

    def start(name: str, _attributes: dict[str, str]) -> None:
        raise _Found(local(name))

    parser.StartElementHandler = start
    try:
        parser.Parse(head, False)
        if source.size > len(head):
            parser.Parse(source.read(len(head), _LONGEST_PROLOG), False)
    except _Found as found:
        return found.name
    except (expat.ExpatError, *_ENCODING):
        return _lenient_root(head)
    return None


def _lenient_root(head: bytes) -> str | None:
    """Find the root where a strict parser stops before it (an entity in its attributes); loaders are less strict."""
    if head[:2] in _UTF16:
        head = head[2:].replace(b"\0", b"")
    match = _ROOT.match(_PROLOG.sub(b"", head[:4096]).lstrip(b"\xef\xbb\xbf \t\r\n"))
    return local(match[1].decode("ascii", "replace")) if match else None


def walk(
    source: ByteSource, gathering: Gathering, start: Start, text: Callable[[str, tuple[str, ...]], None] | None = None
) -> None:
    """Call `start` for every element and `text` for character data, until the end or a limit.

    Args:
        source: the bytes.
        gathering: receives what is wrong or points outside.
        start: see `Start`.
        text: gets character data and the names around it.
    """
    parser = expat.ParserCreate()
    path: list[str] = []
    count = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS:
            gathering.observe(Unread(what="the rest of the document", reason=f"more than {MOST_ELEMENTS} elements"))
            raise _Found("limit")
        if len(path) >= MOST_DEPTH:
            raise LimitReached("XML depth", MOST_DEPTH)
        short = local(name)
        start(short, attributes, tuple(path[-8:]))
        path.append(short)

    def closed(_name: str) -> None:
        path.pop()

    def entity(
        name: str, _is_parameter: int, value: str | None, _base: str | None, system: str | None, *_rest: object
    ) -> None:
        target = system or f"&{name}; = {(value or '')[:100]}"
        gathering.observe(OutsideReference(escape=Escape.ENTITY, target=target[:400], key=name[:200]))
        raise _Found("entity")

    def document_type(_name: str, system: str | None, public: str | None, _internal: int) -> None:
        if system or public:
            target = system or public or ""
            gathering.observe(OutsideReference(escape=Escape.ENTITY, target=target[:400], key="DOCTYPE"))

    def instruction(target: str, _data: str) -> None:
        if target.lower() in ("xml-stylesheet", "php"):
            gathering.observe(OutsideReference(escape=Escape.ENTITY, target=f"<?{target}?>", key="instruction"))

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.EntityDeclHandler = entity
    parser.StartDoctypeDeclHandler = document_type
    parser.ProcessingInstructionHandler = instruction
    if text is not None:
        parser.CharacterDataHandler = lambda data: text(data, tuple(path[-4:]))
    parser.buffer_text = True
    position = 0
    try:
        while position < min(source.size, MOST_BYTES):
            block = source.read(position, _STEP)
            if not block:
                break
            position += len(block)
            parser.Parse(block, False)
            if position - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise LimitReached("XML token bytes", LONGEST_TOKEN)
        if position >= source.size:
            parser.Parse(b"", True)
        else:
            gathering.observe(Unread(what="the rest of the document", reason=f"longer than {MOST_BYTES} bytes"))
    except _Found:
        pass
    except expat.ExpatError as error:
        end = expat.errors.codes.get(expat.errors.XML_ERROR_NO_ELEMENTS)
        cut = error.code in (end, *(expat.errors.codes.get(name) for name in _CUT)) and position >= source.size
        damage = Damage.TRUNCATED if cut else Damage.INVALID
        gathering.damaged(damage, f"the XML is not well-formed: {expat.ErrorString(error.code)}", parser.ErrorByteIndex)
    except _ENCODING as error:
        gathering.observe(Unread(what="the document", reason=f"its encoding is not supported: {error}"[:200]))


_ENCODING = (ValueError, LookupError)
"""What the parser raises for a declared encoding that it does not know, or that takes several bytes a character."""
_CUT = (expat.errors.XML_ERROR_UNCLOSED_TOKEN, expat.errors.XML_ERROR_PARTIAL_CHAR, expat.errors.XML_ERROR_NO_ELEMENTS)
