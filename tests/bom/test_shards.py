import hashlib

from tests.bom.bills import artifact

from weighbridge.bom.shards import grouped


def _shard(number: int, sha256: str | None, folder: str = "m", count: int = 2) -> object:
    return artifact(f"/{folder}/w-{number:05}-of-{count:05}.safetensors", sha256)


def test_shards_of_one_folder_are_one_group_in_their_order() -> None:
    (group,) = grouped([_shard(2, "b" * 64), _shard(1, "a" * 64)])  # type: ignore[list-item]
    assert group.name == "w.safetensors"
    assert [item.sha256 for item in group.artifacts] == ["a" * 64, "b" * 64]
    assert group.sha256 == hashlib.sha256(bytes.fromhex("a" * 64 + "b" * 64)).hexdigest()


def test_other_folders_names_and_counts_are_other_groups() -> None:
    groups = grouped(
        [_shard(1, "a" * 64), _shard(2, "b" * 64, "n"), _shard(2, "c" * 64, count=3), artifact("/m/w.gguf")]
    )  # type: ignore[list-item]
    assert len(groups) == 4


def test_a_whole_without_all_digests_has_none() -> None:
    (group,) = grouped([_shard(1, "a" * 64), _shard(2, None)])  # type: ignore[list-item]
    assert group.sha256 is None
    (group,) = grouped([_shard(1, "a" * 64, count=99_999)])  # type: ignore[list-item]
    assert (group.missing, group.sha256) == (99_998, None)


def test_a_single_file_is_itself() -> None:
    (group,) = grouped([artifact("/m/model-1-of-2.gguf")])
    assert (group.name, group.sha256) == (None, "a" * 64)
