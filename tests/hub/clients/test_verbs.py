"""What stock libraries of the Hugging Face Hub offer, against a real `wb serve`: each verb works, or is refused.

A refusal tells in the words of the client what people can do instead. One table holds for every version.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.hub.clients.environments import NAMES, Client
from tests.hub.clients.people import RunningHub, model_files

VERBS = Path(__file__).with_name("verbs.py")
FILES = model_files()
CONFIG = len(FILES["config.json"])
WEIGHTS = len(FILES["model.safetensors"])
HERE = "This is done in the catalog, not by this tool; a release is revoked there, not deleted: "
MODELS = "This hub holds models; it has no data sets, spaces, discussions or jobs."
REVIEWED = "Every upload is reviewed here, so there are no pull requests"
WAITS = "is not approved yet: it is in the state `"


class Refused(NamedTuple):
    """An error of a client: how its kind ends, and words in it."""

    kind: str
    words: str


READS: dict[str, object] = {
    "model_info": ["acme/verbs", "COMMIT", False, CONFIG, CONFIG, "apache-2.0"],
    "model_info of a commit": "COMMIT",
    "model_info with some fields": "COMMIT",
    "list_models": ["acme/verbs"],
    "list_models of a license": True,
    "list_repo_files": len(FILES),
    "list_repo_tree": len(FILES),
    "list_repo_tree of a folder": ["sub/größe ü.txt"],
    "list_repo_tree of nothing": Refused("EntryNotFoundError", "acme/verbs has no file nope."),
    "list_repo_commits": ["COMMIT"],
    "list_repo_refs": ["main"],
    "get_paths_info": ["config.json", "sub"],
    "file_exists": [True, False],
    "repo_exists": True,
    "revision_exists": [True, False],
    "auth_check": None,
    "auth_check of nothing": Refused("GatedRepoError", "acme/none is not in the catalog. Ask for it: wb request"),
    "whoami": ["rita", "user"],
    "hf_hub_url": len(FILES["sub/größe ü.txt"]),
    "get_safetensors_metadata": {"F32": 100_000},
    "ModelCard.load": "apache-2.0",
    "snapshot_download of some": ["README.md", "config.json", "tokenizer.json", "tokenizer_config.json"],
    "hf_hub_download of no revision": Refused("RevisionNotFoundError", "acme/verbs has no revision v9."),
    "fs.ls": [len(FILES), "größe ü.txt"],
    "fs.glob": 2,
    "fs.find": len(FILES),
    "fs.du": len(FILES["sub/größe ü.txt"]),
    "fs.exists": [True, False, True],
    "fs.cat": "grüße",
    "fs.open": ['"', str(WEIGHTS)],
    "fs.get": True,
    "dataset_info": Refused("RepositoryNotFoundError", MODELS),
    "list_spaces": Refused("RepositoryNotFoundError", MODELS),
    "get_repo_discussions": Refused("HfHubHTTPError", REVIEWED),
    "create_repo of a reader": Refused("HfHubHTTPError", "You may not do this with acme/new"),
    "upload_file of a reader": Refused("HfHubHTTPError", "You may not do this with acme/verbs."),
}
WRITES: dict[str, object] = {
    "create_repo": "NEW",
    "create_repo again": Refused("HfHubHTTPError", "You already created this model repo: acme/new"),
    "create_repo if there is none": "NEW",
    "create_repo of a data set": Refused("BadRequestError", "This hub holds models, no dataset."),
    "upload_file": "Upload x.txt with huggingface_hub",
    "upload_large_folder": "Upload folder using huggingface_hub",
    "create_commit": "changed",
    "create_commit on another": Refused("HfHubHTTPError", "by now, not at 000000000000. Get it anew, then commit"),
    "create_branch": None,
    "create_commit of a copy": "changed",
    "create_commit of a copy of what waits": Refused("GatedRepoError", WAITS),
    "delete_folder": "Delete folder sub with huggingface_hub",
    "delete_branch": None,
    "create_pr": Refused("BadRequestError", REVIEWED),
    "metadata_update": Refused("GatedRepoError", WAITS),
    "create_tag": None,
    "delete_tag": None,
    "update_repo_settings": Refused("HfHubHTTPError", HERE),
    "move_repo": Refused("HfHubHTTPError", HERE),
    "super_squash_history": Refused("HfHubHTTPError", HERE),
    "create_discussion": Refused("HfHubHTTPError", REVIEWED),
    "delete_repo": Refused("HfHubHTTPError", HERE),
    "list_webhooks": Refused("RepositoryNotFoundError", MODELS),
}


def _filled(value: object, commit: str, new: str) -> object:
    return json.loads(json.dumps(value).replace("COMMIT", commit).replace("NEW", new))


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub."""
    started = RunningHub(tmp_path_factory.mktemp("hub"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def commit(hub: RunningHub) -> str:
    """The commit of an approved model."""
    return hub.publish("acme/verbs", FILES).commit_id


@pytest.mark.parametrize("name", NAMES)
def test_every_verb(hub: RunningHub, commit: str, tmp_path: Path, name: str) -> None:
    rita, new = Client(name, tmp_path, hub.origin, hub.tokens["rita"]), f"acme/new-{name}"
    done = rita.python(VERBS, "acme/verbs", commit, new, hub.tokens["wendy"])
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.rpartition("@@")[2])
    wanted = READS | WRITES
    assert sorted(found) == sorted(wanted)
    for verb, (kind, value) in found.items():
        expected = wanted[verb]
        if isinstance(expected, Refused):
            assert kind.endswith(expected.kind), (verb, kind, value)
            assert expected.words in value, verb
        else:
            assert (kind, value) == ("ok", _filled(expected, commit, new)), verb
