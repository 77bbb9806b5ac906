from tests.export.intents import CATALOG

from weighbridge.export.matching import file_names, fixed_part, path_parts, script_parts
from weighbridge.export.product import Product


def test_the_longest_part_without_wildcards() -> None:
    assert fixed_part("*/.local/share/claude/versions/*") == "/.local/share/claude/versions/"
    assert fixed_part("*/koboldcpp.py") == "/koboldcpp.py"
    assert fixed_part("*/.amp/*") == "/.amp/"
    assert fixed_part("*/q*") == ""
    assert fixed_part("a[bc]defg?") == "bc]defg"


def test_windows_spells_paths_and_names_its_own_way() -> None:
    (agent, runtime) = CATALOG
    assert path_parts([agent], "windows") == ["\\.local\\share\\claude\\versions\\"]
    assert file_names([agent, runtime], "windows") == ["claude.exe", "ollama app.exe", "ollama.exe"]
    assert file_names([agent, runtime], "linux") == ["claude", "ollama"]


def test_scripts_stand_as_they_are_on_command_lines() -> None:
    product = Product(id="x", title="X", kind="agent", confidence="docs", scripts=("/node_modules/@x/y/",))
    assert script_parts([product], "darwin") == ["/node_modules/@x/y/"]
    assert script_parts([product], "windows") == ["\\node_modules\\@x\\y\\"]


def test_control_characters_have_no_place() -> None:
    product = Product(
        id="x",
        title="X",
        kind="agent",
        confidence="docs",
        executables=("*/a\nbcd/*",),
        scripts=("/a\nbcd/",),
        process_names=("a\nb",),
    )
    for platform in ("linux", "windows"):
        assert file_names([product], platform) == path_parts([product], platform) == []
        assert script_parts([product], platform) == []
