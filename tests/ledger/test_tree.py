"""Against a naive tree after the definition in RFC 6962 section 2.1, and the roots of its authors' own test data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_holds,
    consistency_proof,
    edge_nodes,
    inclusion_holds,
    inclusion_proof,
    leaf_hash,
    parent_hash,
    tree_root,
)

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Source: certificate-transparency `merkle_tree_test`, roots over the first 0 to 8 leaves."""


def naive_root(leaves: list[bytes]) -> bytes:
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return parent_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def naive_path(index: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*naive_path(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_path(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*naive_consistency(old, leaves[:split], whole), naive_root(leaves[split:])]
    return [*naive_consistency(old - split, leaves[split:], False), naive_root(leaves[:split])]


def nodes_of(leaves: list[bytes]):
    return lambda level, index: naive_root(leaves[index << level : (index + 1) << level])


def some(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def test_the_roots_of_known_leaves() -> None:
    frontier = Frontier()
    for size, root in enumerate(ROOTS):
        assert frontier.root().hex() == root
        assert tree_root(size, nodes_of(LEAVES[:size])).hex() == root
        if size < len(LEAVES):
            frontier.append(leaf_hash(LEAVES[size]))


def test_a_frontier_goes_on_from_its_edge() -> None:
    leaves = some(70)
    for size in range(70):
        node = nodes_of(leaves[:size])
        frontier = Frontier(size, [node(*place) for place in edge_nodes(size)])
        frontier.append(leaf_hash(leaves[size]))
        assert frontier.root() == naive_root(leaves[: size + 1])
        assert Frontier(frontier.size, frontier.edge).root() == frontier.root()
    with pytest.raises(ValueError):
        Frontier(3, [EMPTY_ROOT])


def test_every_proof_in_small_trees_is_the_one_that_the_definition_gives() -> None:
    leaves = some(40)
    for size in range(1, 41):
        node, root = nodes_of(leaves[:size]), naive_root(leaves[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            assert list(proof) == naive_path(index, leaves[:size])
            assert inclusion_holds(leaf_hash(leaves[index]), index, size, proof, root)
        for old in range(1, size + 1):
            between = consistency_proof(old, size, node)
            assert list(between) == naive_consistency(old, leaves[:size])
            assert consistency_holds(old, size, naive_root(leaves[:old]), root, between)


@given(st.integers(1, 300), st.data())
def test_a_proof_for_anything_else_does_not_hold(size: int, data: st.DataObject) -> None:
    leaves = some(size)
    node, root = nodes_of(leaves), naive_root(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = list(inclusion_proof(index, size, node))
    leaf = leaf_hash(leaves[index])
    assert inclusion_holds(leaf, index, size, proof, root)
    assert not inclusion_holds(leaf_hash(b"other"), index, size, proof, root)
    assert not inclusion_holds(leaf, index, size, [*proof, leaf], root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda number: number != index))
    assert not inclusion_holds(leaf, other, size, proof, root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not inclusion_holds(leaf, index, size, proof[:at] + proof[at + 1 :], root)
        proof[at] = bytes(32)
        assert not inclusion_holds(leaf, index, size, proof, root)


@given(st.integers(0, 300), st.integers(0, 300), st.data())
def test_a_rewritten_log_is_never_consistent(first: int, second: int, data: st.DataObject) -> None:
    old, new = sorted((first, second))
    leaves = some(new)
    proof = list(consistency_proof(old, new, nodes_of(leaves)))
    old_root, new_root = naive_root(leaves[:old]), naive_root(leaves)
    assert consistency_holds(old, new, old_root, new_root, proof)
    assert not consistency_holds(old, new, bytes(32), new_root, proof)
    if old:
        assert not consistency_holds(old, new, old_root, bytes(32), proof)
        changed = list(leaves)
        changed[data.draw(st.integers(0, old - 1))] = b"rewritten"
        rewritten = consistency_proof(old, new, nodes_of(changed))
        assert not consistency_holds(old, new, old_root, naive_root(changed), rewritten)
    assert not consistency_holds(old, new, old_root, new_root, [*proof, bytes(32)])
    if old != new:
        assert not consistency_holds(new, old, new_root, old_root, proof)


@given(st.integers(-5, 40), st.integers(-5, 40), st.lists(st.binary(min_size=30, max_size=33), max_size=8))
def test_nonsense_is_refused_without_an_error(one: int, two: int, proof: list[bytes]) -> None:
    assert not inclusion_holds(bytes(32), one, two, proof, bytes(32))
    assert not consistency_holds(one, two, bytes(32), bytes(range(32)), proof)


def test_what_is_not_there_cannot_be_proven() -> None:
    for index, size in ((0, 0), (5, 5), (-1, 3)):
        with pytest.raises(ValueError, match="no record"):
            inclusion_proof(index, size, nodes_of([]))
    with pytest.raises(ValueError, match="cannot continue"):
        consistency_proof(4, 3, nodes_of([]))
