"""Servers of models among what runs, over a machine in memory."""

from tests.discover.test_listeners import answers_of
from tests.servers.tables import LLAMA_CPP_TOOLS, OLLAMA_CLOUD, PLAIN, PRODUCTS, UNKNOWN

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.processes import Processes


def machine():
    made = FakeMachine()
    live = FakeLive(made)
    live.add(FakeProcess(pid=1, parent=0, name=b"init", user=0))
    return made, live


def taken(made, live):
    return Processes(made, live, load_policy(made, "observe")).snapshot()


def test_a_server_without_a_visible_model_is_listed_by_what_answers():
    made, live = machine()
    live.add(FakeProcess(pid=7, executable=b"/tmp/kworker", command_line=(b"/tmp/kworker",)))
    live.listen(7, "127.0.0.1", 40123, answers_of(PRODUCTS["SGLang"].answers))
    (process,) = taken(made, live).processes
    assert (process.pid, process.runtime) == (7, "sglang")
    assert process.runtime_reasons[0] == "owned_by sglang at /v1/models"
    (listener,) = process.listeners
    assert (listener.product, listener.api, listener.models) == ("sglang", "openai", ("Qwen/Qwen3-0.6B",))
    assert [finding.check for finding in process.findings] == ["listener-unauthenticated"]


def test_a_plain_web_server_is_not_listed():
    made, live = machine()
    live.add(FakeProcess(pid=7, executable=b"/usr/bin/python3.12", command_line=(b"python3", b"-m", b"http.server")))
    live.listen(7, "0.0.0.0", 11434, answers_of(PLAIN["a plain web server on 11434"].answers))
    assert taken(made, live).processes == ()


def test_an_unknown_server_is_listed_without_a_name():
    made, live = machine()
    live.add(FakeProcess(pid=7))
    live.listen(7, "0.0.0.0", 9000, answers_of(UNKNOWN["an unknown owner"].answers))
    (process,) = taken(made, live).processes
    assert process.runtime is None
    assert (process.listeners[0].product, process.listeners[0].api) == (None, "openai")
    assert [finding.check for finding in process.findings] == ["listener-exposed"]


def test_what_a_server_may_do_and_where_it_sends_prompts_is_found():
    made, live = machine()
    live.add(
        FakeProcess(pid=7, executable=b"/usr/bin/llama-server", command_line=(b"llama-server", b"--tools", b"all"))
    )
    live.listen(7, "0.0.0.0", 8080, answers_of(LLAMA_CPP_TOOLS))
    live.add(FakeProcess(pid=8, executable=b"/usr/bin/ollama", command_line=(b"ollama", b"serve")))
    live.listen(8, "127.0.0.1", 11434, answers_of(OLLAMA_CLOUD))
    llama, ollama = taken(made, live).processes
    assert [finding.check for finding in llama.findings] == [
        "listener-unauthenticated",
        "server-tools-enabled",
        "listener-exposed",
    ]
    assert [finding.check for finding in ollama.findings] == ["cloud-forwarding", "listener-unauthenticated"]


def test_a_child_server_is_its_product_and_answers_as_what_it_is():
    made, live = machine()
    live.add(FakeProcess(pid=8, executable=b"/usr/bin/ollama", command_line=(b"ollama", b"serve")))
    live.listen(8, "127.0.0.1", 11434, answers_of(PRODUCTS["Ollama"].answers))
    live.add(
        FakeProcess(pid=9, parent=8, executable=b"/opt/llama-server", command_line=(b"llama-server", b"--offline"))
    )
    live.listen(9, "127.0.0.1", 43210, answers_of(PRODUCTS["llama.cpp"].answers))
    parent, child = taken(made, live).processes
    assert (parent.runtime, parent.served_for) == ("ollama", None)
    assert (child.runtime, child.served_for) == ("ollama", "ollama")
    assert child.listeners[0].product == "llama_cpp"


def test_a_socket_that_does_not_answer_is_said():
    made, live = machine()
    live.add(FakeProcess(pid=7, executable=b"/usr/bin/vllm", command_line=(b"vllm", b"serve", b"m")))
    live.listen(7, "127.0.0.1", 29500, None)
    (process,) = taken(made, live).processes
    assert process.not_visible == ("what 127.0.0.1:29500 serves: it does not answer in HTTP in time",)
    assert process.findings == ()


def test_the_next_snapshot_asks_nothing_again():
    made, live = machine()
    live.add(FakeProcess(pid=7))
    live.listen(7, "127.0.0.1", 8000, answers_of(PRODUCTS["vLLM"].answers))
    processes = Processes(made, live, load_policy(made, "observe"))
    first = processes.snapshot().processes
    live.reads.clear()
    assert processes.snapshot().processes == first
    assert [read for read in live.reads if read.operation == "get"] == []


def test_what_leads_into_a_container_does_not_run_what_answers_there():
    made, live = machine()
    live.add(FakeProcess(pid=7, user=0, executable=b"/usr/bin/docker-proxy", command_line=(b"docker-proxy",)))
    live.listen(7, "0.0.0.0", 11434, answers_of(PRODUCTS["Ollama"].answers))
    (process,) = taken(made, live).processes
    assert process.runtime is None
    assert process.listeners[0].product == "ollama"
    assert [finding.check for finding in process.findings] == ["listener-unauthenticated", "listener-exposed"]


def test_a_proxy_of_any_name_does_not_run_what_it_passes_on():
    made, live = machine()
    live.add(FakeProcess(pid=7, executable=b"/opt/edge", command_line=(b"edge",)))
    passed = {path: (status, {**headers, "server": "nginx/1.25.3"}, body) for path, (status, headers, body) in
              PRODUCTS["Ollama"].answers.items()}  # fmt: skip
    live.listen(7, "0.0.0.0", 8080, answers_of(passed))
    (process,) = taken(made, live).processes
    assert process.runtime is None
    assert process.listeners[0].product == "ollama"


def test_a_tunnel_to_another_machine_is_not_asked():
    made, live = machine()
    live.add(FakeProcess(pid=7, executable=b"/usr/bin/ssh", command_line=(b"ssh", b"-L", b"11434:gpu:11434", b"gpu")))
    live.listen(7, "127.0.0.1", 11434, answers_of(PRODUCTS["Ollama"].answers))
    assert taken(made, live).processes == ()
    assert [read for read in live.reads if read.operation == "get"] == []


def test_a_program_that_fetches_models_runs_none():
    made, live = machine()
    live.add(FakeProcess(pid=7, executable=b"/usr/bin/huggingface-cli", command_line=(b"huggingface-cli", b"download")))
    assert taken(made, live).processes == ()
