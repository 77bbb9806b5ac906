"""What endpoints had becomes what endpoints would ask of a policy, whatever was written into a record."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sync.policy_server import policy_files

from weighbridge.fleet.replay_questions import (
    ASKED,
    KINDS,
    Actor,
    Thing,
    artifacts_of,
    key_of,
    label,
    questions,
    read,
    request,
)
from weighbridge.fleet.replay_situations import Lens
from weighbridge.ledger.canonical import canonical
from weighbridge.policy.pack import read_policy
from weighbridge.policy.vocabulary import ACTION_BY_NAME
from weighbridge.policy.weigh import decide

POLICY = read_policy(policy_files(), "")
LENS = Lens((POLICY,), frozenset())
DIGEST, OTHER = "1a" * 32, "2b" * 32


def thing(kind, data, artifact="", path="/home/ada/model.gguf"):
    return Thing("aaaaaaaaaaaaaaaa", kind, artifact, path, data if isinstance(data, bytes) else canonical(data))


def asked(one):
    said = read(one)
    return questions(said, artifacts_of(one, said), LENS, {}, {})


def words(one):
    return [(each.question.action, each.question.resource, each.artifact[:2]) for each in asked(one)]


def test_a_model_at_a_place_could_be_loaded_and_is_stored():
    one = thing("sighting", {"path": "/a", "store": None}, DIGEST)
    assert words(one) == [("load", "Artifact", "1a"), ("store", "Artifact", "1a")]
    assert label(one) == "/home/ada/model.gguf"
    assert words(thing("sighting", {"path": "/a"}, "/a place without a digest")) == []
    assert key_of(one, read(one), LENS, {}) == key_of(one._replace(path="/b"), read(one), LENS, {})


def test_a_process_infers_with_its_weights_as_whoever_acts():
    data = {
        "name": "llama-server",
        "runtime": "llama_cpp",
        "actor": {"kind": "agent", "agent": "codex", "autonomous": True},
    }
    data["weights"] = [{"sha256": DIGEST, "path": "/a"}, {"sha256": None, "claimed_sha256": OTHER, "path": None}, {}]
    one = thing("process", data)
    assert words(one) == [
        ("infer", "Artifact", "1a"),
        ("infer", "Artifact", "cl"),
        ("infer", "Runtime", ""),
        ("execute", "Runtime", ""),
    ]
    assert {each.question.actor for each in asked(one)} == {Actor("codex", supervised=False)}
    made = request(asked(one)[0].question, POLICY, frozenset())
    assert (made.principal.kind, made.principal.attributes) == ("Agent", {"name": "codex", "supervised": False})
    assert label(one) == "llama-server"
    human = thing("process", {"runtime": "ollama", "actor": {"kind": "human"}})
    assert {request(each.question, POLICY, frozenset()).principal.kind for each in asked(human)} == {"Endpoint"}


def test_a_listener_serves():
    one = thing("listener", {"address": "0.0.0.0", "port": 8080, "exposed": True, "product": "ollama"})
    assert words(one) == [("serve", "Listener", "")]
    made = request(asked(one)[0].question, POLICY, frozenset())
    assert made.resource == {
        "address": "0.0.0.0",
        "authenticated": False,
        "loopback": False,
        "port": 8080,
        "runtime": "ollama",
    }
    assert label(one) == "ollama 0.0.0.0:8080"
    assert decide([made], POLICY)[0].decision == "warn"


def test_a_tool_server_is_connected_to_and_executed_by_each_agent_that_has_it():
    data = {
        "what": "tool server",
        "name": "files",
        "agents": ["codex", "cursor"],
        "url": "https://tools.example.com/mcp",
    }
    assert words(thing("agent", data)) == 2 * [
        ("connect", "Tool", ""),
        ("execute", "Tool", ""),
        ("connect", "Host", ""),
    ]
    assert words(thing("agent", data | {"url": None, "agents": ["codex"]})) == [
        ("connect", "Tool", ""),
        ("execute", "Tool", ""),
    ]
    assert words(thing("agent", data | {"what": "skill"})) == []
    assert words(thing("agent", data | {"url": "https://[", "agents": ["codex"]}))[-1][1] == "Tool"
    assert label(thing("agent", data)) == "files (https://tools.example.com/mcp)"


def test_everything_that_is_asked_is_in_the_vocabulary():
    assert all(resource in ACTION_BY_NAME[action].resources for action, resource in ASKED)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[]", b"\xff", b"[" * 5000, b'{"weights":[1]}', b'{"port":"x"}', b'{"agents":7}', b'{"path":1}'],
)
def test_what_cannot_be_read_asks_nothing_but_about_the_model_itself(kind, data):
    one = thing(kind, data, DIGEST)
    assert len(words(one)) == (2 if kind == "sighting" else 0)
    assert isinstance(label(one), str)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(1 - 2**53, 2**53 - 1) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "sha256"]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["name", "url", "agents", "what", "weights", "actor", "runtime", "address", "port", "path", "store"]
)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(KINDS), st.dictionaries(NAMES, JSON, max_size=6))
def test_whatever_an_endpoint_wrote_can_be_weighed(kind, data):
    one = thing(kind, data, DIGEST)
    made = [request(each.question, POLICY, frozenset()) for each in asked(one)]
    assert len(decide(made, POLICY)) == len(made)
