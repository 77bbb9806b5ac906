import json
from hashlib import sha256
from typing import Any

import pytest

from weighbridge.signing.manifest import (
    IGNORED,
    OLD_PREDICATE_TYPE,
    Manifest,
    Resource,
    is_ignored,
    read_statement,
    statement,
)

A, B = sha256(b"a").hexdigest(), sha256(b"b").hexdigest()
PLAIN = Manifest(name="model", resources=(Resource(path="b", digest=B), Resource(path="a/x", digest=A)))


def changed(**changes: Any) -> bytes:
    document = json.loads(statement(PLAIN))
    document["predicate"]["serialization"] |= changes.pop("serialization", {})
    for name, value in changes.items():
        (document["predicate"] if name == "resources" else document)[name] = value
    if "subject" not in changes:
        listed = document["predicate"]["resources"]
        digests = b"".join(bytes.fromhex(one["digest"]) for one in listed if isinstance(one, dict))
        document["subject"][0]["digest"]["sha256"] = sha256(digests).hexdigest()
    return json.dumps(document).encode()


def test_there_and_back_in_order_of_names() -> None:
    read = read_statement(statement(PLAIN))
    assert [one.path for one in read.resources] == ["a/x", "b"]
    assert read.algorithm == "sha256"
    assert read.shard_size is None
    assert (
        json.loads(statement(PLAIN))["subject"][0]["digest"]["sha256"]
        == sha256(sha256(b"a").digest() + sha256(b"b").digest()).hexdigest()
    )


def test_ranges() -> None:
    listed = [
        {"name": "w:1:0:4", "algorithm": "blake2b", "digest": "ab" * 64},
        {"name": "w:1:4:6", "algorithm": "blake2b", "digest": "cd" * 64},
    ]
    serialization = {"method": "shards", "shard_size": 4, "hash_type": "blake2b"}
    read = read_statement(changed(resources=listed, serialization=serialization))
    assert [(one.path, one.start, one.end) for one in read.resources] == [("w:1", 0, 4), ("w:1", 4, 6)]
    for name in ("w", "w:4:2", "w:0:9", "w:1:3", "w:00:4", "w:-1:4"):
        with pytest.raises(ValueError, match="range"):
            read_statement(changed(resources=[listed[0] | {"name": name}], serialization=serialization))


def entry(name: object = "a", digest: object = A, algorithm: object = "sha256") -> dict[str, object]:
    return {"name": name, "digest": digest, "algorithm": algorithm}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"_type": "x"}, "in-toto"),
        ({"predicateType": "https://example.com/wrong"}, "something else"),
        ({"predicateType": OLD_PREDICATE_TYPE}, "0.2"),
        ({"predicate": None}, "predicate"),
        ({"resources": []}, "lists no files"),
        ({"resources": ["a"]}, "no file"),
        ({"resources": [entry(), entry()]}, "twice"),
        ({"resources": [entry("/etc/passwd")]}, "leaves the model"),
        ({"resources": [entry("../a")]}, "leaves the model"),
        ({"resources": [entry("a//b")]}, "canonical"),
        ({"resources": [entry(digest=A.upper())]}, "impossible digest"),
        ({"resources": [entry(digest=A[:-2])]}, "impossible digest"),
        ({"resources": [entry(algorithm="blake3")]}, "another kind"),
        ({"serialization": {"hash_type": "md5"}}, "unknown digest"),
        ({"serialization": {"method": "shards"}}, "unknown method"),
        ({"serialization": {"ignore_paths": ["./"]}}, "whole model"),
        ({"serialization": {"ignore_paths": "a"}}, "ignored paths"),
        ({"subject": []}, "one subject"),
        ({"subject": [{"name": "m", "digest": {"sha256": A}}]}, "contradicts"),
    ],
)
def test_what_is_refused(changes: dict[str, Any], reason: str) -> None:
    if "predicate" in changes:
        document = json.loads(statement(PLAIN)) | changes
        content = json.dumps(document).encode()
    else:
        content = changed(**changes)
    with pytest.raises(ValueError, match=reason):
        read_statement(content)


def test_ignored_paths_are_exact_and_not_patterns() -> None:
    assert all(is_ignored(name, ()) for name in (*IGNORED, ".git/config"))
    assert is_ignored("cache/x", ("./cache/",))
    for name in ("sub/.git", ".gitmodules", "cached", "sub/cache"):
        assert not is_ignored(name, ("cache", "*"))
