"""Pictures of the console over the demonstration fleet, in the Chromium of this machine.

    python -m tools.console_pictures [FOLDER]

Without a folder, those that the documentation shows are drawn into docs/pictures; with one, every page at laptop and
phone width, light and dark, to be looked at.
"""

import re
import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from playwright.sync_api import Browser  # noqa: E402
from tests.console.chromium import LAPTOP, PHONE, Site, browsing, site, tab  # noqa: E402
from tests.console.policies import policies  # noqa: E402

from tools.demo_fleet import fill  # noqa: E402
from weighbridge.fleet.schema import METADATA  # noqa: E402
from weighbridge.fleet.store import Store  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
ARTIFACT, ENDPOINT, RECORDS, REPLAY = "artifact", "endpoint", "records", "replay"
_FIRST_OF = {
    ARTIFACT: "/artifacts?q=format:gguf+ran:<30d+verdict:warn&sort=size",
    ENDPOINT: "/endpoints?sort=name",
    RECORDS: "/ledger?sort=name",
}
"""Pages that have no address of their own: the first row of these lists leads there."""
SHOWN = (
    ("console-posture", "/", LAPTOP, "light"),
    ("console-artifact", ARTIFACT, LAPTOP, "light"),
    ("console-artifact-dark", ARTIFACT, LAPTOP, "dark"),
    ("console-findings", "/findings", LAPTOP, "light"),
    ("console-ledger", RECORDS, LAPTOP, "light"),
    ("console-phone", ARTIFACT, PHONE, "light"),
)
EVERY = (
    *("/", "/artifacts", ARTIFACT, "/endpoints", ENDPOINT, "/findings", "/agents", "/ledger", RECORDS, "/audit"),
    *("/reports", "/reports?pack=board"),
    *("/policy", "/policy?compare=2", REPLAY),
    *(
        "/settings",
        "/settings/enrollment",
        "/settings/accounts",
        "/settings/groups",
        "/settings/exports",
        "/settings/files",
        "/nothing",
        "/artifacts?q=verdit:deny",
    ),
)


def draw(folder: Path, shots: list[tuple[str, str, tuple[int, int], str]]) -> list[Path]:
    """Draw pictures: name, page, size of the window, light or dark. Return the files."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open(f"sqlite:///{scratch}/fleet.db")
        METADATA.create_all(store.database.engine)
        store.write_now(fill)
        replay = store.write_now(partial(policies, prepared=True))
        with browsing() as browser, site(store) as served:
            made = [
                _draw(browser, served, folder / f"{name}.png", replay if page == REPLAY else page, size, theme)
                for name, page, size, theme in shots
            ]
        store.close()
    return made


def _draw(browser: Browser, served: Site, target: Path, page: str, size: tuple[int, int], theme: str) -> Path:
    with tab(browser, served, size=size, color_scheme=theme) as opened:
        shown = opened.open(_FIRST_OF.get(page, page))
        if page in _FIRST_OF:
            link = shown.locator("tr[data-at] a.name").first.get_attribute("href")
            opened.open(link or "/")
        shown.screenshot(path=target)
    return target


def main() -> None:
    """Draw what the documentation shows, or everything."""
    from tools.pictures import smaller

    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        shots = [
            (f"{re.sub('[^a-z]+', '-', page).strip('-') or 'posture'}-{word}-{theme}", page, size, theme)
            for page in EVERY
            for word, size in (("laptop", LAPTOP), ("phone", PHONE))
            for theme in ("light", "dark")
        ]
    else:
        folder, shots = PICTURES, [*SHOWN]
    for picture in draw(folder, shots):
        smaller(picture)
        print(f"written: {picture.name} ({picture.stat().st_size // 1000} kB)")


if __name__ == "__main__":
    main()
