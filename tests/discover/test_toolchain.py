import pytest

from weighbridge.discover.toolchain import tool_inventory
from weighbridge.discover.toolchain_catalog import advisories_for, advisory_of, known_bad, role_of
from weighbridge.discover.toolchain_walk import tool_folders
from weighbridge.host.fake import FakeMachine
from weighbridge.model.toolchain import Ecosystem, InstalledTool


def found(machine: FakeMachine) -> set[tuple[str, str, str | None]]:
    return {(tool.ecosystem.value, tool.name, tool.version) for tool in tool_inventory(machine).tools}


def test_python_environments_without_running_them() -> None:
    machine = FakeMachine()
    for path in (
        b"/home/ada/a/.venv/lib/python3.12/site-packages/torch-2.9.1+cpu.dist-info/METADATA",
        b"/home/ada/.pyenv/versions/3.11.2/lib/python3.11/site-packages/llama_cpp_python-0.3.9.dist-info/METADATA",
        b"/home/ada/miniconda3/envs/x/lib/python3.10/site-packages/vllm-0.11.0-py3.10.egg-info/PKG-INFO",
        b"/usr/lib/python3/dist-packages/onnx-1.17.0.egg-info",
        b"/home/ada/a/.venv/lib/python3.12/site-packages/requests-2.32.0.dist-info/METADATA",
    ):
        machine.add_file(path)
    assert found(machine) == {
        ("pypi", "torch", "2.9.1+cpu"),
        ("pypi", "llama-cpp-python", "0.3.9"),
        ("pypi", "vllm", "0.11.0"),
        ("pypi", "onnx", "1.17.0"),
    }
    environments = {tool.name: tool.environment for tool in tool_inventory(machine).tools}
    assert environments["torch"] == b"/home/ada/a/.venv"
    assert not {read.operation for read in machine.reads} & {"open", "peek"}


def test_node_packages_with_scopes() -> None:
    machine = FakeMachine()
    base = b"/home/ada/app/node_modules"
    machine.add_file(base + b"/@modelcontextprotocol/sdk/package.json", b'{"version": "1.20.0"}')
    machine.add_file(base + b"/openai/package.json", b"{")
    machine.add_file(base + b"/left-pad/package.json", b'{"version": "1.0.0"}')
    machine.add_file(base + b"/openai/node_modules/ollama/package.json", b'{"version": "1.0.0"}')
    assert found(machine) == {("npm", "@modelcontextprotocol/sdk", "1.20.0"), ("npm", "openai", None)}
    assert base + b"/left-pad/package.json" not in {read.path for read in machine.reads if read.operation == "read"}


def test_extensions_of_editors() -> None:
    machine = FakeMachine()
    for name in (
        b".vscode/extensions/anthropic.claude-code-2.0.10-linux-x64",
        b".cursor/extensions/continue.continue-1.2.3",
        b".vscode-server/extensions/GitHub.copilot-1.300.0-universal",
        b".vscode/extensions/ms-python.python-2025.1.0",
        b".vscode/extensions/.obsolete",
    ):
        machine.add_directory(b"/home/ada/" + name)
    machine.add_file(b"/home/ada/.local/share/JetBrains/IdeaIC2025.2/ml-llm/lib/ml-llm-252.1.2.jar")
    assert found(machine) == {
        ("vscode-extension", "anthropic.claude-code", "2.0.10"),
        ("vscode-extension", "continue.continue", "1.2.3"),
        ("vscode-extension", "github.copilot", "1.300.0"),
        ("jetbrains-plugin", "ml-llm", "252.1.2"),
    }


def test_package_managers() -> None:
    linux = FakeMachine()
    linux.add_file(
        b"/var/lib/dpkg/status",
        b"Package: ollama\nStatus: install ok installed\nVersion: 0.5.1-1\nDescription: x\n Package: y\n\n"
        b"Package: python3-torch\nStatus: deinstall ok config-files\nVersion: 2\n\n"
        b"Package: bash\nStatus: install ok installed\n",
    )
    assert found(linux) == {("deb", "ollama", "0.5.1-1")}
    mac = FakeMachine("darwin")
    mac.add_file(b"/opt/homebrew/Cellar/ollama/0.1.30/bin/ollama")
    mac.add_file(b"/opt/homebrew/Caskroom/claude-code/2.1.3/claude")
    mac.add_file(b"/opt/homebrew/Cellar/wget/1.0/bin/wget")
    assert found(mac) == {("brew", "ollama", "0.1.30"), ("brew", "claude-code", "2.1.3")}


def test_nodes_of_comfyui() -> None:
    machine = FakeMachine()
    base = b"/home/ada/ComfyUI/custom_nodes"
    machine.add_file(base + b"/ComfyUI-Manager/pyproject.toml", b'[project]\nversion = "3.37"\n')
    machine.add_file(base + b"/ComfyUI_LLMVISION/__init__.py")
    machine.add_file(base + b"/off.disabled/__init__.py")
    machine.add_file(base + b"/__pycache__/x")
    assert found(machine) == {("comfyui-node", "ComfyUI-Manager", "3.37"), ("comfyui-node", "ComfyUI_LLMVISION", None)}
    bad = [one.id for tool in tool_inventory(machine).tools for one in advisories_for(tool)]
    assert bad == ["comfyui-llmvision-2024"]


def test_the_walk_is_bounded_and_says_so() -> None:
    machine = FakeMachine()
    for number in range(30):
        machine.add_directory(b"/home/ada/%d" % number)
    folders = tool_folders(machine, (b"/home/ada",), most=10)
    assert [item.reason for item in folders.unexamined] == ["more than 10 folders: not all were searched for tools"]


def test_network_filesystems_are_left_out_and_said() -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/ada/net/lib/python3/site-packages/torch-2.9.1.dist-info/METADATA")
    machine.mount(b"/home/ada/net", "nfs4")
    found = tool_inventory(machine)
    assert found.tools == ()
    assert [item.reason for item in found.unexamined] == ["on a network filesystem (nfs4)"]


def test_links_are_not_followed() -> None:
    machine = FakeMachine()
    machine.add_link(b"/home/ada/loop", b"/home/ada")
    machine.add_link(b"/home/ada/site-packages", b"/elsewhere")
    assert tool_folders(machine, (b"/home/ada",)).python == []


@pytest.mark.parametrize(
    ("ecosystem", "name", "role"),
    [
        (Ecosystem.PYPI, "Llama_CPP.Python", "runtime"),
        (Ecosystem.PYPI, "langchain-openai", "library"),
        (Ecosystem.PYPI, "requests", ""),
        (Ecosystem.NPM, "@ai-sdk/openai", "library"),
        (Ecosystem.NPM, "postmark-mcp", "library"),
        (Ecosystem.VSCODE, "GitHub.Copilot", "agent"),
    ],
)
def test_roles(ecosystem: Ecosystem, name: str, role: str) -> None:
    assert role_of(ecosystem, name) == role


def test_every_advisory_names_versions_that_it_hits_and_a_fixed_one_that_it_does_not() -> None:
    assert len(known_bad()) >= 20
    for advisory in known_bad():
        tool = {"ecosystem": advisory.ecosystem, "name": advisory.name, "path": b"/x"}
        if advisory.fixed:
            fixed = advisories_for(InstalledTool(version=advisory.fixed, **tool))
            assert advisory.id not in {one.id for one in fixed}, advisory.id
        named = [part.lstrip("=<>") for wanted in advisory.versions for part in wanted.split(",")]
        hits = [
            one
            for one in (*named, "0.0.1")
            if one == "*" or advisory in advisories_for(InstalledTool(version=one, **tool))
        ]
        assert hits, advisory.id
        assert role_of(advisory.ecosystem, advisory.name), advisory.id


def test_a_mistake_in_an_advisory_is_named() -> None:
    with pytest.raises(ValueError, match="unknown key 'nam'"):
        advisory_of("x", {"nam": ""})
    with pytest.raises(ValueError, match="missing key"):
        advisory_of("x", {"name": ""})
