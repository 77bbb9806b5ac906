"""Documentation that is generated says what the code says."""

import sys

from tests.house.files import ROOT

sys.path.insert(0, str(ROOT))
from tools import reference


def test_generated_pages_are_in_step() -> None:
    assert reference.stale(reference.pages()) == [], "run `make docs`"


def test_the_readme_has_its_generated_block() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert reference.BEGIN in text
    assert reference.END in text


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 120
    assert len((ROOT / "AGENTS.md").read_text(encoding="utf-8").splitlines()) < 80


def test_links_between_pages_lead_somewhere() -> None:
    import re

    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(
            r"\]\(([^)#\s]+)(?:#[^)]*)?\)|<img[^>]* src=\"([^\"]+)\"", page.read_text(encoding="utf-8")
        ):
            name = target[0] or target[1]
            if not name.startswith(("http:", "https:", "mailto:")) and not (page.parent / name).exists():
                broken.append(f"{page.relative_to(ROOT)}: {name}")
    assert broken == []


def test_pictures_are_small_and_name_no_other_host() -> None:
    pictures = sorted((ROOT / "docs/pictures").iterdir())
    assert {"demo.svg", "report-light.png", "report-dark.png"} <= {path.name for path in pictures}
    assert [path.name for path in pictures if path.stat().st_size > 200_000] == []
    drawing = (ROOT / "docs/pictures/demo.svg").read_text(encoding="utf-8")
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    text = (ROOT / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
    names = [entry.split(">")[0].split("=")[0] for entry in wanted]
    assert [name for name in names if f"| {name} |" not in text] == []
