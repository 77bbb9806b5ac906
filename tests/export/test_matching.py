import pytest
from tests.export.intents import CATALOG

from weighbridge.export.matching import (
    Part,
    Platform,
    file_names,
    fixed_part,
    path_parts,
    path_patterns,
    script_patterns,
    short_names,
    telling_arguments,
)
from weighbridge.export.product import Product
from weighbridge.pipeline.export_products import products


def product(**values: tuple[str, ...]) -> Product:
    return Product(id="x", title="X", kind="agent", confidence="docs", **values)  # type: ignore[arg-type]  # tuples fit


def test_the_longest_part_without_wildcards() -> None:
    assert fixed_part("*/.local/share/claude/versions/*") == "/.local/share/claude/versions/"
    assert fixed_part("*/koboldcpp.py") == "/koboldcpp.py"
    assert fixed_part("*/.amp/*") == "/.amp/"
    assert fixed_part("*/q*") == ""
    assert fixed_part("a[bc]defg?") == "defg"


def test_windows_spells_paths_and_names_its_own_way() -> None:
    (agent, runtime) = CATALOG
    assert path_parts([agent], "windows") == [Part(text="\\.local\\share\\claude\\versions\\", ends=False)]
    assert path_patterns([agent], "windows") == ["*\\.local\\share\\claude\\versions\\*"]
    assert file_names([agent, runtime], "windows") == ["claude.exe", "ollama app.exe", "ollama.exe"]
    assert file_names([agent, runtime], "linux") == ["claude", "ollama"]


def test_a_part_that_ends_a_path_says_so() -> None:
    assert path_parts([product(executables=("*/.local/bin/q", "*/gh-copilot*"))], "linux") == [
        Part(text="/.local/bin/q", ends=True),
        Part(text="/gh-copilot", ends=False),
    ]


def test_programs_end_in_exe_on_windows() -> None:
    one = product(executables=("*/.local/bin/q", "*/claude-*/claude", "*/x/y.dll"))
    assert path_patterns([one], "windows") == ["*\\.local\\bin\\q.exe", "*\\claude-*\\claude.exe", "*\\x\\y.dll"]


def test_scripts_keep_their_patterns() -> None:
    one = product(scripts=("*/node_modules/@x/y/*", "*/a-webui?/launch.py"))
    assert script_patterns([one], "darwin") == ["*/a-webui*/launch.py", "*/node_modules/@x/y/*"]
    assert script_patterns([one], "windows") == ["*\\a-webui*\\launch.py", "*\\node_modules\\@x\\y\\*"]


@pytest.mark.parametrize(
    ("platform", "names", "paths"),
    [
        ("linux", ["k-linux-x64"], []),
        ("darwin", ["k-mac-arm64"], ["*/Jan.app/*"]),
        ("windows", [], ["*\\Microsoft.Foundry*", "*\\Programs\\Ollama\\*"]),
    ],
)
def test_what_is_of_one_platform_is_left_out_on_others(platform: Platform, names: list[str], paths: list[str]) -> None:
    one = product(
        process_names=("k-linux-x64", "k-mac-arm64"),
        executables=("*/Jan.app/*", "*/Programs/Ollama/*", "*/Microsoft.Foundry*"),
    )
    assert (file_names([one], platform), path_patterns([one], platform)) == (names, paths)


def test_names_that_linux_cuts_are_told_apart() -> None:
    assert short_names(["ollama", "language_server_linux_x64"]) == (["ollama"], ["language_server_linux_x64"])


def test_arguments_have_both_spellings_and_more_than_a_letter() -> None:
    assert telling_arguments(product(risky_arguments=("-y", "--yolo", "--auto high"))) == [
        "--yolo",
        "--auto high",
        "--auto=high",
    ]


@pytest.mark.parametrize("platform", ["linux", "darwin", "windows"])
def test_most_products_can_be_told_everywhere(platform: Platform) -> None:
    found = [
        one
        for one in products()
        if path_patterns([one], platform) or script_patterns([one], platform) or file_names([one], platform)
    ]
    assert len(found) > 70


def test_control_characters_have_no_place() -> None:
    one = product(
        executables=("*/a\nbcd/*",), scripts=("*/a\nbcd/*",), process_names=("a\nb",), risky_arguments=("--a\nb",)
    )
    for platform in ("linux", "windows"):
        assert file_names([one], platform) == path_parts([one], platform) == path_patterns([one], platform) == []
        assert script_patterns([one], platform) == []
    assert telling_arguments(one) == []
