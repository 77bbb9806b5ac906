"""The Merkle tree of a log: hashes, roots, proofs, and whether they hold. Values in, values out.

Source: RFC 6962 section 2.1 (tree and proofs), RFC 9162 sections 2.1.3.2 and 2.1.4.2 (verification). All hashes are
SHA-256, 32 bytes. A *node* is a perfect subtree: node (level, index) spans the leaves from `index << level` up to
`(index + 1) << level`.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
LARGEST_SIZE = (1 << 63) - 1
"""Leaves that a checkpoint can state (C2SP tlog-cosignature)."""

Node = Callable[[int, int], bytes]
"""Returns the hash of node (level, index); may raise whatever its source raises."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return sha256(b"\x00" + entry).digest()


def parent_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbors."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of neighboring nodes of one level."""
    row = list(hashes)
    while len(row) > 1:
        row = [parent_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


class Frontier:
    """The right edge of a growing tree: all that is needed to append and to know the root.

    Args:
        size: leaves so far.
        edge: roots of the perfect subtrees that make up the tree, the largest first; one for each bit of `size`.
    """

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(edge):
            raise ValueError("the edge of a tree has one hash for each bit of its size")
        self.size = size
        self._edge = list(edge)

    @property
    def edge(self) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees, the largest first."""
        return tuple(self._edge)

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash."""
        carried, size = leaf, self.size
        while size & 1:
            carried = parent_hash(self._edge.pop(), carried)
            size >>= 1
        self._edge.append(carried)
        self.size += 1

    def append_subtree(self, level: int, root: bytes) -> None:
        """Add `1 << level` leaves by the root over them.

        Raises:
            ValueError: they do not begin at a multiple of their number.
        """
        if self.size & ((1 << level) - 1):
            raise ValueError("a subtree begins at a multiple of its leaves")
        carried, rest = root, self.size >> level
        while rest & 1:
            carried = parent_hash(self._edge.pop(), carried)
            rest >>= 1
        self._edge.append(carried)
        self.size += 1 << level

    def root(self) -> bytes:
        """Return the hash of the whole tree."""
        if not self._edge:
            return EMPTY_ROOT
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = parent_hash(left, root)
        return root


def edge_nodes(size: int) -> list[tuple[int, int]]:
    """Return the nodes (level, index) that make up a tree, the largest first."""
    return [(level, (size >> level) - 1) for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


def range_nodes(begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the nodes (level, index) that span the leaves from `begin` up to `end`, in order and as few as can be."""
    at = begin
    while at < end:
        level = (end - at).bit_length() - 1
        if at:
            level = min(level, (at & -at).bit_length() - 1)
        yield level, at >> level
        at += 1 << level


def tree_root(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves."""
    return Frontier(size, [node(level, index) for level, index in edge_nodes(size)]).root()


def inclusion_proof(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """Return the audit path of leaf `index` in the tree of `size` leaves, from the leaf's sibling up.

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no record {index} among {size}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range_root(middle, end, node))
            end = middle
        else:
            path.append(_range_root(begin, middle, node))
            begin = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, node: Node) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` leaves continues that of `old`; empty from nothing and to itself.

    Raises:
        ValueError: `old` is larger than `new` or negative.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a log of {new} records cannot continue one of {old}")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    begin, end, whole = 0, new, True
    while end != old:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range_root(middle, end, node))
            end = middle
        else:
            path.append(_range_root(begin, middle, node))
            begin, whole = middle, False
    if not whole:
        path.append(_range_root(begin, end, node))
    return tuple(reversed(path))


def inclusion_root(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an audit path leads to; None if the path cannot belong to that place.

    Args:
        leaf: hash of the leaf.
        index: where it stands.
        size: leaves in the tree.
        proof: as `inclusion_proof` returns it.
    """
    if not 0 <= index < size:
        return None
    position, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0 or len(sibling) != HASH_BYTES:
            return None
        if position & 1 or position == last:
            root = parent_hash(sibling, root)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            root = parent_hash(root, sibling)
        position, last = position >> 1, last >> 1
    return root if last == 0 else None


def inclusion_holds(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether `proof` shows that the tree with `root` has `leaf` at `index`."""
    return inclusion_root(leaf, index, size, proof) == root


def consistency_holds(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether `proof` shows that the tree with `new_root` continues the tree with `old_root`."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    waiting = list(proof)
    if any(len(one) != HASH_BYTES for one in waiting):
        return False
    if old & (old - 1) == 0:
        waiting.insert(0, old_root)
    if not waiting:
        return False
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_made = new_made = waiting[0]
    for sibling in waiting[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_made, new_made = parent_hash(sibling, old_made), parent_hash(sibling, new_made)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new_made = parent_hash(new_made, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old_made == old_root and new_made == new_root


def _split(count: int) -> int:
    """Return the largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(begin: int, end: int, node: Node) -> bytes:
    """Return the hash over leaves `begin` to `end`; `begin` is a multiple of the power of two that holds the range."""
    edge = []
    at = begin
    for level in range((end - begin).bit_length() - 1, -1, -1):
        if end - begin >> level & 1:
            edge.append(node(level, at >> level))
            at += 1 << level
    root = edge[-1]
    for left in reversed(edge[:-1]):
        root = parent_hash(left, root)
    return root
