"""The tree of groups and datasets in an HDF5 file, with everything in it that leads out of the file.

Source: "HDF5 File Format Specification Version 3.0", sections III.A.1 (B-tree v1), III.C (symbol table entries),
IV.A.2 (messages 0x02, 0x06, 0x07, 0x08, 0x0C, 0x11, 0x15). CVE-2026-1669: a loader that follows external storage reads
any file of its user.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from weighbridge.formats.gathering import Gathering, StructureError
from weighbridge.formats.hdf5_file import MOST_NAME_CHARACTERS, Hdf5File, Message
from weighbridge.formats.hdf5_heap import FractalHeap, global_object, heap_text, local_heap, tree_records
from weighbridge.formats.hdf5_messages import Attribute, Type, attribute, dataspace, datatype
from weighbridge.formats.references import escape_of
from weighbridge.model.observation import Damage, Escape, OutsideReference, Unread

MOST_OBJECTS = 100_000
_MOST_DEPTH = 200
_LONGEST_PATH = 2_000
_SPACE, _LINK_INFO, _TYPE, _LINK, _EXTERNAL_FILES, _LAYOUT, _ATTRIBUTE, _TABLE, _ATTRIBUTE_INFO = (
    0x01, 0x02, 0x03, 0x06, 0x07, 0x08, 0x0C, 0x11, 0x15,
)  # fmt: skip
_HARD, _SOFT, _OUTSIDE = 0, 1, 64


@dataclass
class Object:
    """A group or dataset."""

    path: str
    attributes: list[Attribute] = field(default_factory=list)
    type: Type | None = None
    """Set for datasets."""
    shape: tuple[int, ...] = ()
    links: list[tuple[str, int]] = field(default_factory=list)


def objects(file: Hdf5File, gathering: Gathering) -> Iterator[Object]:
    """Yield every object that can be reached from the root group, parents first, each once."""
    waiting = [("", file.root, 0)]
    seen = {file.root}
    while waiting:
        path, address, depth = waiting.pop()
        file.spend("objects", 1, MOST_OBJECTS)
        found = Object(path=path or "/")
        try:
            for message in file.messages(address):
                _message(file, found, message, gathering)
        except (StructureError, IndexError) as error:
            damage = error.damage if isinstance(error, StructureError) else Damage.INVALID
            gathering.damaged(damage, str(error) or "a message is too short", file.base + address, found.path[:200])
        yield found
        if depth >= _MOST_DEPTH:
            gathering.observe(Unread(what=found.path[:200], reason="groups are nested too deep"))
            continue
        for name, target in reversed(found.links):
            if target not in seen:
                seen.add(target)
                inner = f"{path}/{name}"[:_LONGEST_PATH]
                file.spend("path characters", len(inner), MOST_NAME_CHARACTERS)
                waiting.append((inner, target, depth + 1))


def _message(file: Hdf5File, found: Object, message: Message, gathering: Gathering) -> None:
    content = message.content
    if message.flags & 2 and message.kind in (_ATTRIBUTE, _SPACE, _LAYOUT):
        gathering.observe(Unread(what=found.path[:200], reason="a shared header message is not followed"))
    elif message.kind == _ATTRIBUTE:
        found.attributes.append(attribute(file, content, message.position))
    elif message.kind == _ATTRIBUTE_INFO:
        at = 2 + (2 if content[1] & 1 else 0)
        for record in _dense(file, file.offset(content, at), file.offset(content, at + file.offset_size), gathering):
            found.attributes.append(attribute(file, record, message.position))
    elif message.kind == _SPACE:
        found.shape = dataspace(file, content)
    elif message.kind == _TYPE:
        found.type = None if message.flags & 2 else datatype(content)
    elif message.kind == _LINK:
        _link(file, found, content, gathering)
    elif message.kind == _LINK_INFO:
        at = 2 + (8 if content[1] & 1 else 0)
        for record in _dense(file, file.offset(content, at), file.offset(content, at + file.offset_size), gathering):
            _link(file, found, record, gathering)
    elif message.kind == _TABLE:
        heap = local_heap(file, file.offset(content, file.offset_size))
        _old_group(file, found, file.offset(content, 0), heap, gathering)
    elif message.kind == _EXTERNAL_FILES:
        _external_files(file, found, content, gathering)
    elif message.kind == _LAYOUT:
        _layout(file, found, content, gathering)


def _dense(file: Hdf5File, heap_address: int, tree_address: int, gathering: Gathering) -> Iterator[bytes]:
    """Yield the messages of an object that keeps them in a fractal heap."""
    if heap_address == file.undefined:
        return
    heap = FractalHeap(file, heap_address)
    if heap.filtered:
        gathering.observe(Unread(what="attributes or links", reason="their heap is compressed"))
        return
    kind = file.content(tree_address, 6)[5]
    for record in tree_records(file, tree_address):
        file.spend("messages")
        # Record types 5 and 6 index links, 8 and 9 attributes (section III.A.2).
        if kind in (5, 6):
            identity = record[4:11] if kind == 5 else record[8:15]
        elif kind in (8, 9):
            if record[8] & 2:
                gathering.observe(Unread(what="attributes", reason="a shared attribute is not followed"))
                continue
            identity = record[:8]
        else:
            raise StructureError(Damage.INVALID, "a B-tree indexes something unknown", tree_address)
        yield heap.object(identity)


def _link(file: Hdf5File, found: Object, content: bytes, gathering: Gathering) -> None:
    flags = content[1]
    at = 2
    kind = _HARD
    if flags & 8:
        kind = content[at]
        at += 1
    at += (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
    width = 1 << (flags & 3)
    size = file.integer(content, at, width)
    at += width
    name = content[at : at + size].decode("utf-8", "backslashreplace")
    at += size
    file.spend("link name characters", len(name), MOST_NAME_CHARACTERS)
    if kind == _HARD:
        found.links.append((name, file.offset(content, at)))
    elif kind == _OUTSIDE:
        length = file.integer(content, at, 2)
        target = content[at + 3 : at + 2 + length].split(b"\0", 1)[0].decode("utf-8", "backslashreplace")
        _leads_out(gathering, target, f"{found.path}/{name}")
    elif kind != _SOFT:
        gathering.observe(Unread(what=f"{found.path}/{name}"[:200], reason=f"link type {kind} is user-defined"))


def _old_group(file: Hdf5File, found: Object, root: int, heap: tuple[int, int], gathering: Gathering) -> None:
    waiting = [root]
    seen = {root}
    while waiting:
        node = waiting.pop()
        file.spend("tree nodes", 1, 100_000)
        head = file.content(node, 8 + 2 * file.offset_size)
        if head[:4] != b"TREE":
            raise StructureError(Damage.INVALID, "no B-tree node stands here", node)
        count = int.from_bytes(head[6:8], "little")
        step = file.length_size + file.offset_size
        body = file.content(node + len(head), count * step + file.length_size)
        for index in range(count):
            child = file.offset(body, index * step + file.length_size)
            if head[5]:
                if child in seen:
                    raise StructureError(Damage.CONTRADICTION, "a B-tree forms a loop", node)
                seen.add(child)
                waiting.append(child)
            else:
                _symbols(file, found, child, heap)


def _symbols(file: Hdf5File, found: Object, node: int, heap: tuple[int, int]) -> None:
    head = file.content(node, 8)
    if head[:4] != b"SNOD":
        raise StructureError(Damage.INVALID, "no symbol table stands here", node)
    width = 2 * file.offset_size + 24
    count = int.from_bytes(head[6:8], "little")
    body = file.content(node + 8, count * width)
    for index in range(count):
        file.spend("links", 1, MOST_OBJECTS)
        entry = body[index * width : (index + 1) * width]
        if int.from_bytes(entry[2 * file.offset_size : 2 * file.offset_size + 4], "little") == 2:
            continue  # a soft link: another name for something inside this file
        name = heap_text(file, heap, file.offset(entry, 0))
        file.spend("link name characters", len(name), MOST_NAME_CHARACTERS)
        found.links.append((name, file.offset(entry, file.offset_size)))


def _external_files(file: Hdf5File, found: Object, content: bytes, gathering: Gathering) -> None:
    used = int.from_bytes(content[6:8], "little")
    heap = local_heap(file, file.offset(content, 8))
    at = 8 + file.offset_size
    for index in range(min(used, 1000)):
        name = heap_text(file, heap, file.length(content, at + 3 * index * file.length_size))
        _leads_out(gathering, name, found.path)


def _layout(file: Hdf5File, found: Object, content: bytes, gathering: Gathering) -> None:
    if content[0] < 4 or content[1] != 3:
        return
    mapping = global_object(file, file.offset(content, 2), file.integer(content, 2 + file.offset_size, 4))
    at = 1 + file.length_size
    if mapping[0] == 0:
        name = mapping[at : at + 4096].split(b"\0", 1)[0].decode("utf-8", "backslashreplace")
        if name != ".":
            _leads_out(gathering, name, found.path)
    else:
        gathering.observe(Unread(what=found.path[:200], reason="a virtual dataset of a newer kind"))


def _leads_out(gathering: Gathering, target: str, key: str) -> None:
    # Even a name without any path leaves the artifact: the loader opens a second file that nobody named.
    escape = escape_of(target) or Escape.SYMBOLIC_LINK
    gathering.observe(OutsideReference(escape=escape, target=target[:400], key=key[:200]))
