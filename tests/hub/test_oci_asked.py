"""What OCI clients write: names, digests, tags, kinds."""

import pytest
from tests.hub.calling import call_of

from weighbridge.hub.oci_asked import is_digest, is_ollama, is_tag, parse_digest, repository_named, wants_ollama
from weighbridge.model.errors import WeighbridgeError

DOCKER = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.mark.parametrize(
    ("accept", "said"),
    [
        (DOCKER, True),
        (f"{DOCKER}; q=0.5", True),
        (f"{DOCKER}, application/vnd.oci.image.manifest.v1+json", False),
        (f"{DOCKER}, */*", False),
        ("application/vnd.oci.image.index.v1+json", False),
        ("", False),
        ("*/*", False),
    ],
)
def test_who_takes_manifests_of_docker_alone(accept, said):
    call, _ = call_of(headers={"accept": accept})
    assert wants_ollama(call) is said


def test_ollama_says_who_it_is():
    assert is_ollama(call_of(headers={"user-agent": "ollama/0.30.0 (amd64 linux) Go/go1.25"})[0])
    assert not is_ollama(call_of(headers={"user-agent": "oras/1.3"})[0])


def test_digests():
    assert str(parse_digest(f"sha256:{'a' * 64}")) == f"sha256:{'a' * 64}"
    assert parse_digest(f"sha512:{'b' * 128}").algorithm == "sha512"
    for bad in ("sha256:a", f"sha256:{'A' * 64}", f"sha512:{'b' * 64}", "latest", "", f"sha256:{'a' * 64}\n"):
        with pytest.raises(WeighbridgeError, match="no digest"):
            parse_digest(bad)
    assert is_digest("md5:abc")
    assert not is_digest("latest")


def test_tags():
    assert all(map(is_tag, ("latest", "Q4_K_M", "_x", "1.2", "a" * 128)))
    assert not any(map(is_tag, ("", ".a", "-a", "a/b", "a" * 129, "a b", "é", "a\n")))


@pytest.mark.parametrize("bad", ["", "a/b/c", "api/x", "v2/x", "../x", "a/..", "a//b", "x" * 300])
def test_names_that_no_model_has(bad):
    with pytest.raises(WeighbridgeError):
        repository_named(bad)


def test_a_name_alone_is_in_the_library():
    assert str(repository_named("gemma3")) == "library/gemma3"
