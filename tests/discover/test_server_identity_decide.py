import json
import tomllib

import pytest
from tests.house.files import SOURCE
from tests.servers.tables import LLAMA_CPP, OLLAMA, PLAIN, PRODUCTS, UNKNOWN, VLLM

from weighbridge.discover.server_identity_decide import Conversation
from weighbridge.discover.server_paths import CONTROL
from weighbridge.discover.server_product_decide import Owner
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.live import HttpAnswer

FALSE_POSITIVES = tomllib.loads((SOURCE / "discover/false_positives.toml").read_text(encoding="utf-8"))


def talk(answers, owner):
    """Return who answers, and what was asked."""
    conversation, asked = Conversation(owner), []
    while (path := conversation.next_path()) is not None:
        assert path not in asked
        asked.append(path)
        answer = answers.get(path, answers.get(""))
        if answer is not None:
            status, headers, body = answer
            text = body if isinstance(body, str) else json.dumps(body)
            answer = HttpAnswer(status, headers, text.encode())
        conversation.hear(path, answer)
    return conversation.result(), asked


def identified(served, **known):
    return talk(served.answers, Owner(port=served.port, **known))[0]


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_is_told(name):
    served = PRODUCTS[name]
    identity = identified(served)
    assert (identity.product, identity.api) == (served.product, served.api)
    assert identity.identified_by
    assert identity.doubt is None


@pytest.mark.parametrize("name", PRODUCTS)
def test_it_is_told_on_any_port(name):
    served = PRODUCTS[name]
    assert talk(served.answers, Owner(port=40123))[0].product == served.product


@pytest.mark.parametrize("name", PRODUCTS)
def test_it_is_told_on_the_port_of_any_other(name):
    served = PRODUCTS[name]
    for port in sorted({other.port for other in PRODUCTS.values()}):
        assert talk(served.answers, Owner(port=port))[0].product == served.product


@pytest.mark.parametrize("name", {**UNKNOWN, **PLAIN})
def test_nothing_is_named_in_doubt(name):
    served = {**UNKNOWN, **PLAIN}[name]
    for port in (served.port, 40123, 11434):
        identity = talk(served.answers, Owner(port=port))[0]
        assert (identity.product, identity.api) == (None, served.api)


def test_what_it_stands_on_is_said():
    assert identified(PRODUCTS["vLLM"]).identified_by == (
        "owned_by vllm at /v1/models",
        "answers like vLLM at /metrics",
        "answers at /version",
        "answers at /health",
    )
    assert identified(PRODUCTS["Ollama"]).identified_by[:2] == (
        "owned_by library at /v1/models",
        "answers like Ollama at /",
    )
    assert identified(PRODUCTS["Docker Model Runner"]).identified_by[0] == "owned_by docker at /engines/v1/models"


def test_models_are_listed():
    assert identified(PRODUCTS["SGLang"]).models == ("Qwen/Qwen3-0.6B",)
    assert identified(PRODUCTS["Ollama, models in the cloud"]).cloud_models == ("gpt-oss:120b-cloud",)
    assert identified(PRODUCTS["Ollama"]).cloud_models == ()


def test_tools_that_the_server_runs_are_listed():
    assert identified(PRODUCTS["llama.cpp with tools"]).tools == ("exec_shell_command", "read_file")
    assert identified(PRODUCTS["llama.cpp"]).tools == ()


@pytest.mark.parametrize(
    ("name", "authenticated"),
    [
        ("Ollama", False),
        ("vLLM", False),
        ("vLLM with a key", True),
        ("llama.cpp", False),
        ("llama.cpp with a key", True),
        ("tabbyAPI", False),
        ("whisper.cpp", None),
    ],
)
def test_a_key_is_needed_if_a_closed_path_is_refused_without_one(name, authenticated):
    assert identified(PRODUCTS[name]).authenticated is authenticated


def test_a_public_list_of_models_says_nothing_about_a_key():
    slow = {path: answer for path, answer in LLAMA_CPP.items() if path not in ("/props", "/slots", "")}
    busy = slow | {"": (503, {}, ""), "/props": (503, {}, "")}
    assert talk(busy, Owner(port=8080))[0].authenticated is None


@pytest.mark.parametrize("name", ["MLX LM behind an unknown program", "Jan behind an unknown program"])
def test_a_program_names_what_its_answers_leave_open(name):
    product = {"MLX": "mlx_lm", "Jan": "jan"}[name[:3].strip()]
    identity = identified(UNKNOWN[name], runtime=product, certain=True, reasons=("program x",))
    assert (identity.product, identity.identified_by) == (product, ("program x",))


def test_a_library_alone_names_nothing():
    identity = identified(UNKNOWN["MLX LM behind an unknown program"], runtime="mlx_lm", certain=False)
    assert identity.product is None


def test_a_header_of_its_own_confirms_what_a_library_says():
    refused = (401, {"server": "llama.cpp"}, {"error": {"message": "Invalid API Key", "code": 401}})
    closed = {"": refused, "/": (415, {"server": "llama.cpp"}, "Error: gzip is not supported by this browser")}
    identity = talk(closed, Owner(runtime="llama_cpp", reasons=("maps x",)))[0]
    assert (identity.product, identity.identified_by, identity.authenticated) == ("llama_cpp", ("maps x",), True)
    assert talk(closed, Owner())[0].product is None
    mixed = {**closed, "/": (200, {"server": "nginx"}, "x")}
    assert talk(mixed, Owner(runtime="llama_cpp", reasons=("maps x",)))[0].product is None


def test_a_program_that_answers_like_another_is_not_named():
    identity = identified(PRODUCTS["vLLM"], runtime="ollama", certain=True)
    assert identity.product is None
    assert identity.doubt == "answers like vLLM, but the program is Ollama"
    unknown = identified(UNKNOWN["an unknown owner"], runtime="vllm", certain=True, reasons=("program vllm",))
    assert unknown.product is None
    assert unknown.doubt


def test_a_child_server_answers_as_what_it_is():
    identity = identified(PRODUCTS["llama.cpp"], runtime="ollama", engine="llama_cpp", certain=True)
    assert identity.product == "llama_cpp"
    assert identified(PRODUCTS["llama.cpp"], runtime="ollama", certain=True).product == "llama_cpp"


def test_a_program_that_does_not_answer_is_not_named():
    owner = Owner(port=8188, runtime="comfyui", certain=True, reasons=("script",))
    identity, asked = talk({}, owner)
    assert identity.product is None
    assert asked == ["/v1/models", "/"]


def test_who_does_not_answer_in_http_is_asked_once():
    identity, asked = talk({}, Owner(port=5432))
    assert asked == ["/v1/models"]
    assert (identity.product, identity.api) == (None, None)


def test_what_refuses_everything_is_not_pressed():
    asked = talk(PLAIN["everything behind a login"].answers, Owner(port=8080))[1]
    assert asked == ["/v1/models", CONTROL, "/"]


def test_a_server_that_loads_is_asked_again_later():
    assert not identified(UNKNOWN["llama.cpp that still loads"]).settled
    assert identified(PLAIN["a plain web server on 8080"]).settled


@pytest.mark.parametrize("name", {**PRODUCTS, **UNKNOWN, **PLAIN})
def test_questions_are_few_and_harmless(name):
    served = {**PRODUCTS, **UNKNOWN, **PLAIN}[name]
    rules = server_rules()
    asked = talk(served.answers, Owner(port=served.port))[1]
    assert len(asked) <= rules.questions
    assert not set(asked) & rules.never_call
    if served.product in ("vllm", "sglang", "llama_cpp", "koboldcpp"):
        assert len(asked) <= 12


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\x00\xff",
        "[" * 60_000,
        '{"data":' * 9_000,
        '{"object":"list","data":[1,2,3]}',
        '{"object":"list","data":{"id":1}}',
        '{"object":"list","data":[{"id":"m","owned_by":["vllm"]}]}',
        '{"object":"list","data":[{"id":"m","owned_by":{"vllm":1}}]}',
        '"Ollama is running"',
        "9" * 60_000,
        "\x1f\x8b\x08gzip",
        '{"models":[1,[],{"name":3}]}',
        "null",
        '[{"function":7},{"name":{}},[],3]',
    ],
    ids=range(14),
)
def test_no_answer_breaks_the_conversation(body):
    identity = talk({"": (200, {"server": "x" * 100_000}, body)}, Owner(port=8080))[0]
    assert identity.product is None
    only_tools = talk(LLAMA_CPP | {"/tools": (200, {}, body)}, Owner(port=8080))[0]
    assert only_tools.product == "llama_cpp"
    broken_list = talk(VLLM | {"/v1/models": (200, {}, body)}, Owner(port=8080))[0]
    assert broken_list.product in (None, "vllm")
    tags = talk(OLLAMA | {"/api/tags": (200, {}, body)}, Owner(port=11434))[0]
    assert tags.product in (None, "ollama")


def test_a_list_longer_than_is_read_still_tells_its_owner():
    entry = {"id": "m", "object": "model", "owned_by": "vllm"}
    whole = json.dumps({"object": "list", "data": [entry] * 5000})
    assert identified(PRODUCTS["vLLM"]).product == "vllm"
    cut = talk(VLLM | {"/v1/models": (200, {}, whole[:65_536])}, Owner(port=8000))[0]
    assert cut.product == "vllm"
    assert cut.identified_by[0] == "owned_by vllm at /v1/models"


def test_a_gateway_is_not_made_to_send_anything_on():
    keyed = PRODUCTS["LiteLLM"].answers | {"/v1/models": (401, {}, {"error": "No api key passed in."})}
    for table in (PRODUCTS["LiteLLM"].answers, keyed):
        for port in (4000, 5273, 40123):
            identity, asked = talk(table, Owner(port=port))
            assert identity.product == "litellm"
            assert "/openai/status" not in asked


@pytest.mark.parametrize("case", FALSE_POSITIVES["answer"], ids=lambda case: case["title"])
def test_what_was_once_mistaken_for_a_server_of_models_is_none(case):
    answer = (case["status"], case["headers"], case["body"])
    for port in (case["port"], 40123):
        identity = talk({"": answer}, Owner(port=port))[0]
        assert (identity.product, identity.api) == (None, None)


def test_who_repeats_the_question_in_every_answer_serves_no_models():
    def echo(path):
        return 200, {}, {"path": path, "object": "list", "data": [], "models": [], "version": "1"}

    conversation = Conversation(Owner(port=11434))
    while (path := conversation.next_path()) is not None:
        status, headers, body = echo(path)
        conversation.hear(path, HttpAnswer(status, headers, json.dumps(body).encode()))
    identity = conversation.result()
    assert (identity.product, identity.api) == (None, None)
