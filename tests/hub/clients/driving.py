"""Runs in the environment of a client: uses its library as people do, and prints what came of it as JSON.

python driving.py read MODEL COMMIT [PATH]      everything that reads
python driving.py ask  MODEL OTHER              what people are told who ask for a model that there is not, and
                                                without a token, or with a wrong one, for one that there is
python driving.py warm MODEL COMMIT             fills the cache
python driving.py after MODEL COMMIT            what is left of the cache's worth after a revocation
"""

import hashlib
import json
import os
import sys
from pathlib import Path

import huggingface_hub
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, list_models, snapshot_download


def digests(folder: str) -> dict[str, str]:
    """Return the files of a folder and their digests."""
    paths = [path for path in Path(folder).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def tried(work) -> list[str]:
    """Return what came of something: `ok` and its text, or the kind of error and what it says."""
    try:
        return ["ok", str(work())]
    except Exception as error:
        return [type(error).__name__, str(error)]


def read(model: str, commit: str) -> dict[str, object]:
    """Use everything that reads."""
    api, files = HfApi(), HfFileSystem(use_listings_cache=False)
    found: dict[str, object] = {"version": huggingface_hub.__version__}
    found["whoami"] = api.whoami()["name"]
    found["snapshot"] = digests(snapshot_download(model))
    found["pinned"] = digests(snapshot_download(model, revision=commit))
    found["some"] = sorted(digests(snapshot_download(model, allow_patterns=["*.json"], local_dir="some")))
    found["one"] = Path(hf_hub_download(model, "sub/größe ü.txt")).read_text()
    found["missing"] = tried(lambda: hf_hub_download(model, "nope.json"))[0]
    info = api.model_info(model, files_metadata=True, securityStatus=True)
    found["info"] = [info.id, info.sha, sorted(one.rfilename for one in info.siblings)]
    found["exists"] = [api.file_exists(model, "config.json"), api.file_exists(model, "nope"), api.repo_exists(model)]
    found["refs"] = [[ref.name, ref.target_commit] for ref in api.list_repo_refs(model).branches]
    found["commits"] = [one.commit_id for one in api.list_repo_commits(model)]
    found["paths"] = sorted(type(one).__name__ for one in api.get_paths_info(model, ["sub", "config.json", "nope"]))
    found["listed"] = [one.id for one in list_models(search="tiny")]
    found["ls"] = sorted(files.ls(model, detail=False))
    found["glob"] = files.glob(f"{model}/**/*.txt")
    with files.open(f"{model}/model.safetensors", "rb") as file:
        file.seek(8)
        found["part"] = file.read(4).hex()
    found["transformers"] = with_transformers(model)
    return found


def with_transformers(model: str) -> list[str]:
    """Load what needs no framework."""
    try:
        import transformers
    except ImportError:
        return []
    config = transformers.AutoConfig.from_pretrained(model)
    tokenizer = transformers.AutoTokenizer.from_pretrained(model)
    return [transformers.__version__, config.model_type, tokenizer.decode(tokenizer("hello hub")["input_ids"])]


def ask(model: str, other: str) -> dict[str, object]:
    """Return what people are told who ask for what they do not get."""
    return {
        "snapshot": tried(lambda: snapshot_download(model)),
        "file": tried(lambda: hf_hub_download(model, "config.json")),
        "transformers": tried(lambda: with_transformers(model)),
        "nobody": tried(lambda: snapshot_download(other, token=False, cache_dir="fresh")),
        "wrong": tried(lambda: snapshot_download(other, token="hf_" + "x" * 40, cache_dir="fresh")),
    }


def warm(model: str, commit: str) -> dict[str, object]:
    """Fill the cache."""
    return {"files": digests(snapshot_download(model)), "pinned": digests(snapshot_download(model, revision=commit))}


def after(model: str, commit: str) -> dict[str, object]:
    """Return what a full cache is worth after a revocation."""
    return {
        "file": tried(lambda: hf_hub_download(model, "model.safetensors")),
        "snapshot": tried(lambda: sorted(digests(snapshot_download(model)))),
        "offline": tried(lambda: hf_hub_download(model, "model.safetensors", local_files_only=True)),
        "unpinned": tried(lambda: hf_hub_download(model, "config.json", revision=commit, force_download=True)),
        "elsewhere": tried(lambda: snapshot_download(model, revision=commit, cache_dir="fresh")),
    }


if __name__ == "__main__":
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    work, *arguments = sys.argv[1:]
    print("@@" + json.dumps({"read": read, "ask": ask, "warm": warm, "after": after}[work](*arguments)))
