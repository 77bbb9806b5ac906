from weighbridge.discover.runtime_catalog import runtimes
from weighbridge.discover.server_paths import decisive_paths, imitators, listing_paths, own_paths, paths_of


def test_lists_of_models_come_first_and_what_gateways_send_on_comes_last():
    paths = decisive_paths()
    assert paths[:3] == listing_paths() == ("/v1/models", "/engines/v1/models", "/v3/models")
    assert paths[-1] == "/openai/status"
    assert paths.index("/health/liveliness") < paths.index("/props")


def test_the_imitators_of_ollama():
    assert {one.id for one in imitators()} == {"exo", "koboldcpp", "lemonade", "localai", "sglang"}


def test_hints_are_left_out_unless_wanted():
    vllm = runtimes()["vllm"]
    assert [*paths_of(vllm, hints=False)] == ["/version", "/metrics"]
    assert [*paths_of(vllm, hints=True)] == ["/version", "/metrics", "/health"]
    assert [*paths_of(runtimes()["foundry_local"], hints=True)] == []


def test_a_path_that_another_product_answers_too_is_nobodys_own():
    assert "/readyz" in own_paths(runtimes()["localai"])
    assert "/version" not in own_paths(runtimes()["vllm"])
    assert "/health" not in own_paths(runtimes()["vllm"])
