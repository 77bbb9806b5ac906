"""Runs in the environment of a client: does each thing that its library offers, and prints what came of it as JSON.

python verbs.py MODEL COMMIT NEW TOKEN: an approved model with its commit, the name of one that is to be made, and the
token of somebody who may write. HF_TOKEN is that of somebody who may read.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    HfFileSystem,
    ModelCard,
    get_hf_file_metadata,
    hf_hub_download,
    hf_hub_url,
    metadata_update,
    snapshot_download,
)

MODEL, COMMIT, NEW, TOKEN = sys.argv[1:]
reader, writer = HfApi(), HfApi(token=TOKEN)
files = HfFileSystem(use_listings_cache=False)
BRANCH = NEW.partition("/")[2]


def paths(found: Iterable) -> list[str]:
    """Return the paths of entries."""
    return sorted(one.path for one in found)


def ids(found: Iterable) -> list[str]:
    """Return the ids of models."""
    return sorted(one.id for one in found)


def part() -> list[str]:
    """Return bytes from the middle and the end of a file that is open."""
    with files.open(f"{MODEL}/model.safetensors") as file:
        file.seek(9)
        middle = file.read(1)
        file.seek(0)
        return [middle.decode(), str(len(file.read()))]


def info() -> list[object]:
    """Return what is known of a model."""
    found = reader.model_info(MODEL, files_metadata=True)
    first = next(one for one in found.siblings if one.rfilename == "config.json")
    return [found.id, found.sha, found.private, first.size, first.lfs.size, found.card_data.license]


def large() -> str:
    """Upload by the way that is for folders of any size."""
    folder = Path("large")
    (folder / "deep").mkdir(parents=True, exist_ok=True)
    (folder / "deep" / "weights.bin").write_bytes(os.urandom(70_000))
    if not hasattr(writer, "upload_large_folder"):  # of huggingface_hub 2, `upload_folder` is that
        return str(writer.upload_folder(repo_id=f"{NEW}-large", folder_path="large").commit_message)
    writer.upload_large_folder(f"{NEW}-large", "large", repo_type="model", print_report=False, num_workers=1)
    return "Upload folder using huggingface_hub"


READS: dict[str, Callable[[], object]] = {
    "model_info": info,
    "model_info of a commit": lambda: reader.model_info(MODEL, revision=COMMIT).sha,
    "model_info with some fields": lambda: reader.model_info(MODEL, expand=["sha", "downloads"]).sha,
    "list_models": lambda: ids(reader.list_models(author="acme", search="verbs", limit=5)),
    "list_models of a license": lambda: MODEL in ids(reader.list_models(filter="license:apache-2.0", sort="downloads")),
    "list_repo_files": lambda: len(reader.list_repo_files(MODEL)),
    "list_repo_tree": lambda: len(paths(reader.list_repo_tree(MODEL, recursive=True, expand=True))),
    "list_repo_tree of a folder": lambda: paths(reader.list_repo_tree(MODEL, "sub")),
    "list_repo_tree of nothing": lambda: paths(reader.list_repo_tree(MODEL, "nope")),
    "list_repo_commits": lambda: [one.commit_id for one in reader.list_repo_commits(MODEL, formatted=True)],
    "list_repo_refs": lambda: [one.name for one in reader.list_repo_refs(MODEL, include_pull_requests=True).branches],
    "get_paths_info": lambda: paths(reader.get_paths_info(MODEL, ["sub", "config.json", "nope"], expand=True)),
    "file_exists": lambda: [reader.file_exists(MODEL, path) for path in ("config.json", "nope")],
    "repo_exists": lambda: reader.repo_exists(MODEL),
    "revision_exists": lambda: [reader.revision_exists(MODEL, revision) for revision in (COMMIT, "v9")],
    "auth_check": lambda: reader.auth_check(MODEL),
    "auth_check of nothing": lambda: reader.auth_check("acme/none"),
    "whoami": lambda: [reader.whoami()[key] for key in ("name", "type")],
    "hf_hub_url": lambda: get_hf_file_metadata(hf_hub_url(MODEL, "größe ü.txt", subfolder="sub")).size,
    "get_safetensors_metadata": lambda: reader.get_safetensors_metadata(MODEL).parameter_count,
    "ModelCard.load": lambda: ModelCard.load(MODEL).data.license,
    "snapshot_download of some": lambda: sorted(os.listdir(snapshot_download(MODEL, allow_patterns=["*.json"]))),
    "hf_hub_download of no revision": lambda: hf_hub_download(MODEL, "config.json", revision="v9"),
    "fs.ls": lambda: [len(files.ls(MODEL)), files.ls(f"{MODEL}@{COMMIT}/sub", detail=False)[0].rpartition("/")[2]],
    "fs.glob": lambda: len(files.glob(f"{MODEL}/**/*.txt")),
    "fs.find": lambda: len(files.find(MODEL)),
    "fs.du": lambda: files.du(f"{MODEL}/sub"),
    "fs.exists": lambda: [files.exists(f"{MODEL}/{path}") for path in ("config.json", "nope", "sub")],
    "fs.cat": lambda: files.cat(f"{MODEL}/sub/größe ü.txt").decode(),
    "fs.open": part,
    "fs.get": lambda: files.get(f"{MODEL}/config.json", "got.json") or Path("got.json").exists(),
    "dataset_info": lambda: reader.dataset_info(MODEL),
    "list_spaces": lambda: list(reader.list_spaces(search="x")),
    "get_repo_discussions": lambda: list(reader.get_repo_discussions(MODEL)),
    "create_repo of a reader": lambda: reader.create_repo(NEW),
    "upload_file of a reader": lambda: reader.upload_file(path_or_fileobj=b"x", path_in_repo="x", repo_id=MODEL),
}


def written(done: object) -> str:
    """Return the words of a commit."""
    return str(getattr(done, "commit_message", done))


def commit(*operations: object, model: str = NEW, **more: object) -> str:
    """Commit; return its words."""
    return written(writer.create_commit(model, operations, commit_message="changed", **more))


WRITES: dict[str, Callable[[], object]] = {
    "create_repo": lambda: writer.create_repo(NEW, private=True).repo_id,
    "create_repo again": lambda: writer.create_repo(NEW),
    "create_repo if there is none": lambda: writer.create_repo(NEW, exist_ok=True).repo_id,
    "create_repo of a data set": lambda: writer.create_repo(NEW, repo_type="dataset"),
    "upload_file": lambda: written(writer.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=NEW)),
    "upload_large_folder": large,
    "create_commit": lambda: commit(
        CommitOperationAdd("y.txt", b"y"), CommitOperationAdd("README.md", b"# New"), CommitOperationDelete("x.txt")
    ),
    "create_commit on another": lambda: commit(CommitOperationAdd("z.txt", b"z"), parent_commit="0" * 40),
    "create_branch": lambda: writer.create_branch(MODEL, branch=BRANCH),
    "create_commit of a copy": lambda: commit(
        CommitOperationCopy("config.json", "copy.json", src_revision="main"), model=MODEL, revision=BRANCH
    ),
    "create_commit of a copy of what waits": lambda: commit(CommitOperationCopy("y.txt", "copy.txt")),
    "delete_folder": lambda: written(writer.delete_folder("sub", MODEL, revision=BRANCH)),
    "delete_branch": lambda: writer.delete_branch(MODEL, branch=BRANCH),
    "create_pr": lambda: commit(CommitOperationAdd("z.txt", b"z"), create_pr=True),
    "metadata_update": lambda: metadata_update(NEW, {"license": "mit"}, token=TOKEN),
    "create_tag": lambda: writer.create_tag(NEW, tag="v1"),
    "delete_tag": lambda: writer.delete_tag(NEW, tag="v1"),
    "update_repo_settings": lambda: writer.update_repo_settings(NEW, gated="auto"),
    "move_repo": lambda: writer.move_repo(NEW, f"{NEW}-moved"),
    "super_squash_history": lambda: writer.super_squash_history(NEW),
    "create_discussion": lambda: writer.create_discussion(NEW, title="t"),
    "delete_repo": lambda: writer.delete_repo(NEW),
    "list_webhooks": lambda: writer.list_webhooks(),
}


def tried(work: Callable[[], object]) -> list[object]:
    """Return what came of something: `ok` and its value, or the kind of error and what it says."""
    try:
        return ["ok", work()]
    except Exception as error:
        return [type(error).__name__, str(error)]


if __name__ == "__main__":
    found = {verb: tried(work) for verb, work in (READS | WRITES).items()}
    print("@@" + json.dumps(found, default=repr))
