"""Hashes, against values that xet-core publishes for other implementations (`aggregated_hashes.rs`)."""

import pytest
from tests.hub.xet_writing import raw

from weighbridge.hub.xet_hashes import chunk_hash, range_hash, written, xorb_hash

NODES = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "cfc5d07f6f03c29bbf424132963fe08d19a37d5757aaf520bf08119f05cd56d6",
    "c3e67584b5c4fc2a89837ec39e40f2c8a6bb0b2987ac94cd4b31e5fbdd210a72",
    "0d2beb91b9196929a5ddec9f6e306924ddf4a24268e3e59fd8464738d525af37",
    "adf8773496a9b7319b2e50dc98093f344053b17d8ad37100b9c07d9805988784",
    "4ac202caf347fc1e9c874b1ef6a1c5e619141eb775a6f43f0f0124ccd0060d9e",
    "b3b28636f65c149ea52eb1f94669466f70f033b54cea792824c696ba6ef3c389",
    "0e2c1a002aae913d2c0fc8ddfa4e9e14b7b311b3b0d458726d5d9f6a6318013c",
]


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([], "0" * 64),
        ([1], NODES[1]),
        ([1, 2, 3], "71ec1275fca074724e2dd666921b3277c7cee603e4d025bcab2d4050015be2bc"),
        ([1, 2, 1, 2, 3, 4], "52c826f99507aa05d0b45e9837fa1709e0485425cfbcb1e80db3905cf98b3ee9"),
        ([0, 1, 0, 1, 0], "f36c6a6374a567efd36ed087aeb680b57e3af4e0b5b8e7be2593df4cb647a2de"),
        ([3, 4, 5, 5, 5], "2c1fd1eca47e284512fcb40fcf45a1874939f9b91c774d46aeba5d004d9d263d"),
        ([*range(8)], "f62abe77e3fb9c954fe52b0028027ddc90c064c45951a4fd2211d87e5c0011db"),
        ([number % 8 for number in range(64)], "6554007c9b5d0a5e7918f79596a1b68815c1407535585435f5735db761f21b88"),
        ([1] * 32, "0a0123c1617921883b7e13902095fcb86676e77c49120c33b233003b0af0e0a6"),
    ],
)
def test_a_xorb(nodes, expected):
    assert written(xorb_hash([(raw(NODES[node]), node * 100) for node in nodes])) == expected


def test_how_a_hash_is_written():
    expected = "07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918"
    assert written(bytes(range(32))) == expected
    assert raw(expected) == bytes(range(32))


def test_each_kind_has_its_own_key():
    assert len({chunk_hash(b"x"), range_hash(b"x"), xorb_hash([(b"x" * 32, 1), (b"y" * 32, 1)])}) == 3
