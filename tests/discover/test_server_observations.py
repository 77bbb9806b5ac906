from weighbridge.discover.server_identity_decide import ServerIdentity
from weighbridge.discover.server_observations import risky_arguments, server_observations
from weighbridge.model.running import Listener
from weighbridge.model.server_observation import CloudModels, ServerListener, ServerTools

OPEN = Listener(transport="tcp", address="0.0.0.0", port=11434, exposed=True)
OWN = Listener(transport="tcp", address="127.0.0.1", port=8080)


def observed(runtime, command_line, *served):
    return [*server_observations(runtime, command_line, served)]


def test_a_server_is_noticed_with_where_it_listens_and_how_it_is_kept_in():
    identity = ServerIdentity(product="ollama", api="openai", authenticated=False, answered=True)
    assert observed("ollama", ("ollama", "serve"), (OPEN, identity)) == [
        ServerListener(
            title="Ollama",
            address="0.0.0.0",
            port=11434,
            exposed=True,
            authenticated=False,
            bind="OLLAMA_HOST=127.0.0.1:11434",
        )
    ]


def test_models_in_the_cloud_are_noticed():
    identity = ServerIdentity(product="ollama", api="openai", cloud_models=("big:120b-cloud",), answered=True)
    assert observed("ollama", (), (OWN, identity))[1] == CloudModels(
        title="Ollama", models=("big:120b-cloud",), forbid="OLLAMA_NO_CLOUD=1"
    )


def test_an_unknown_server_is_noticed_as_one():
    identity = ServerIdentity(api="openai", answered=True)
    (listener,) = observed(None, (), (OPEN, identity))
    assert listener.title == "An unknown OpenAI-compatible server"


def test_what_is_no_server_of_models_is_not_noticed():
    assert observed(None, (), (OPEN, ServerIdentity(answered=True)), (OWN, None)) == []
    assert observed("vllm", (), (OWN, ServerIdentity(answered=False))) == []
    assert len(observed("vllm", (), (OWN, ServerIdentity(answered=True)))) == 1


def test_a_process_that_runs_models_and_listens_beyond_this_machine_is_noticed_though_it_cannot_be_asked():
    network = Listener(transport="tcp", address="192.168.1.5", port=11434, exposed=True)
    identity = ServerIdentity(silence="listens on 192.168.1.5, which is not a loopback address")
    (listener,) = observed("ollama", (), (network, identity))
    assert (listener.title, listener.exposed, listener.authenticated) == ("Ollama", True, None)


def test_arguments_and_tools_are_noticed_together():
    identity = ServerIdentity(product="llama_cpp", api="openai", tools=("exec_shell_command",), answered=True)
    tools = observed("llama_cpp", ("llama-server", "--tools", "all"), (OPEN, identity))[1]
    assert tools == ServerTools(title="llama.cpp", arguments=("--tools",), tools=("exec_shell_command",), exposed=True)


def test_arguments_that_are_switched_off_do_not_count():
    assert risky_arguments("llama_cpp", ("llama-server", "--tools=none", "--agent", "-m", "x")) == ("--agent",)
    assert risky_arguments("llama_cpp", ("llama-server", "--tools", "off")) == ()
    assert risky_arguments("llama_cpp", ("llama-server", "-m", "--toolsmith")) == ()
    assert risky_arguments("vllm", ("vllm", "serve", "m", "--trust-remote-code")) == ("--trust-remote-code",)
    assert risky_arguments(None, ("x", "--tools")) == ()
