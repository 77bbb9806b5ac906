"""Draw docs/pictures from the sample machine: the terminal as SVG, the report page as PNG.

    python tools/pictures.py [--terminal-only]

The page needs Chromium (package `chromium`, or a path in the variable CHROMIUM).
"""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT / "src"))

from rich.console import Console  # noqa: E402
from rich.terminal_theme import TerminalTheme  # noqa: E402
from rich.text import Text  # noqa: E402

from weighbridge.cli.screen import Screen  # noqa: E402
from weighbridge.cli.top import top  # noqa: E402
from weighbridge.cli.weighing import weigh  # noqa: E402
from weighbridge.pipeline.demo_live import demo_live  # noqa: E402
from weighbridge.pipeline.demo_machine import demo_machine  # noqa: E402
from weighbridge.pipeline.options import Options  # noqa: E402
from weighbridge.pipeline.policies import load_policy  # noqa: E402
from weighbridge.pipeline.processes import snapshot  # noqa: E402
from weighbridge.report import ps_table  # noqa: E402
from weighbridge.report.registry import renderer  # noqa: E402

WIDTH = 112
LINES = 46
TOP_WIDTH, TOP_LINES = 132, 40
THEME = TerminalTheme(
    (17, 20, 23),
    (222, 226, 230),
    [
        (60, 66, 73),
        (255, 122, 110),
        (118, 209, 142),
        (240, 192, 90),
        (110, 168, 232),
        (200, 150, 230),
        (110, 200, 215),
        (222, 226, 230),
    ],
)
SHOTS = (
    ("report-light", "1440,1000", "", ()),
    ("report-dark", "1440,1000", "", ("--blink-settings=preferredColorScheme=0",)),
    ("report-artifact", "1440,1000", "#artifact-0", ()),
    ("report-phone", "500,1000", "", ()),
)
CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",
    "--run-all-compositor-stages-before-draw",
    "--timeout=4000",
)


def terminal(command: str, text: str) -> str:
    """Return what a command prints as SVG."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text("$ ", "dim") + Text(command, "bold"))
    lines = text.splitlines()
    shown = lines if len(lines) <= LINES else [*lines[: LINES - 6], "  …", "", *lines[-3:]]
    console.print(Text.from_ansi("\n".join(shown)), soft_wrap=True)
    return without_fonts(console.export_svg(title=command, theme=THEME, unique_id="weighbridge"))


def live() -> str:
    """Return the screen of `wb top` over the sample machine as SVG."""

    async def drawn() -> str:
        app = top("balanced", 3600, demo=True)
        async with app.run_test(size=(TOP_WIDTH, TOP_LINES)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.press("enter")
            await pilot.pause()
            return app.export_screenshot(title="wb top")

    picture = without_fonts(asyncio.run(drawn()))
    return re.sub(r"terminal-[0-9]+", "terminal-weighbridge", picture)


def without_fonts(picture: str) -> str:
    """Return an SVG without addresses of web fonts."""
    picture = re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    picture = re.sub(r"<!--.*?-->", "", picture, flags=re.DOTALL)
    picture = picture.replace("Fira Code", "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono'")
    picture = re.sub(r"\n\s*\n+", "\n", picture)
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    return picture


def photograph(page: str, folder: Path) -> None:
    """Open the page in Chromium and keep what it shows."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("no Chromium here: install it, or name it in the variable CHROMIUM")
    source = folder / "report.html"
    source.write_text(page, encoding="utf-8")
    for name, size, fragment, extra in SHOTS:
        target = PICTURES / f"{name}.png"
        command = [program, *CHROMIUM, f"--user-data-dir={folder / name}", f"--window-size={size}", *extra]
        command += [f"--screenshot={target}", f"{source.as_uri()}{fragment}"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        smaller(target)
        print(f"written: {target.relative_to(ROOT)} ({target.stat().st_size // 1000} kB)")


def smaller(picture: Path) -> None:
    """Reduce the colors of a picture if Pillow is here; it is smaller and looks the same."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(picture) as image:
        image.convert("RGB").quantize(colors=256, kmeans=3, dither=Image.Dither.NONE).save(picture, optimize=True)


def main() -> None:
    """Draw everything."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    screen = Screen(StringIO(), StringIO(), {})
    result, context = weigh(screen, demo_machine(), Options(cache=False), name="demo machine")
    colored = replace(context, width=WIDTH, color=True)
    machine = demo_machine()
    running = snapshot(machine, demo_live(machine), load_policy(machine, "balanced"))
    texts = {
        "demo": ("wb demo", renderer("table").render(result, colored)),
        "ps": ("wb ps", ps_table.render(running, colored)),
    }
    drawings = {name: terminal(command, text) for name, (command, text) in texts.items()} | {"top": live()}
    for name, drawn in drawings.items():
        drawing = PICTURES / f"{name}.svg"
        drawing.write_text(drawn, encoding="utf-8")
        print(f"written: {drawing.relative_to(ROOT)} ({drawing.stat().st_size // 1000} kB)")
    if "--terminal-only" not in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            photograph(renderer("html").render(result, context), Path(folder))


if __name__ == "__main__":
    main()
