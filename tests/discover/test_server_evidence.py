import json

from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.server_evidence import ServerEvidence
from weighbridge.discover.server_paths import ALWAYS, CONTROL, LISTING
from weighbridge.host.live import HttpAnswer

MODELS = {"object": "list", "data": [{"id": "m", "object": "model", "owned_by": "vllm"}]}


def evidence(**answers):
    """Return what answers show; `root`, `control`, ... stand for paths."""
    paths = {"root": "/", "control": CONTROL, "models": LISTING, "tags": "/api/tags", "version": "/version"}
    made = ServerEvidence()
    for name, answer in answers.items():
        made.add(paths[name], answer and HttpAnswer(answer[0], {}, json.dumps(answer[1]).encode()))
    return made


def test_no_answer_and_no_question_show_nothing():
    made = evidence(models=None)
    assert LISTING in made
    assert "/" not in made
    assert len(made) == 1
    assert made.at(LISTING) is made.at("/") is None
    assert made.answers() == ()
    assert made.listing_at() == (None, LISTING)


def test_a_list_of_models_names_its_owner():
    made = evidence(models=(200, MODELS))
    assert made.listing().names == ("m",)
    assert made.named() == {"vllm"}


def test_an_answer_to_anything_is_no_answer_to_a_path():
    empty = {"object": "list", "data": []}
    assert evidence(models=(200, empty)).listing() is not None
    assert evidence(models=(200, empty), control=(200, empty)).listing() is None
    assert evidence(models=(200, empty), control=(404, empty)).listing() is not None


def test_stored_models_are_like_ollama_unless_everything_is_answered_so():
    stored = {"models": [{"name": "a", "model": "a", "size": 1}]}
    assert evidence(tags=(200, stored)).is_like_ollama()
    assert not evidence(tags=(200, stored), control=(200, stored)).is_like_ollama()
    assert not evidence(tags=(200, {"models": []})).is_like_ollama()


def test_signs_are_matched_and_shared_paths_are_nobodys_own():
    made = evidence(version=(200, {"version": "0.9.1"}))
    assert "/version" in {sign.path for sign in made.matched(runtimes()["vllm"])}
    assert made.peculiar(runtimes()["vllm"]) == set()


def test_a_refusal_is_told_for_each_path():
    made = evidence(models=(401, {}), control=(403, {}), root=(200, {}))
    assert [*made.refuses(ALWAYS)] == [True, True, False]
    assert [*made.refuses(("/never-asked",))] == [False]
