"""Pictures of the console over the demonstration fleet, in the Chromium of this machine.

    python -m tools.console_pictures [FOLDER]

Without a folder, those that the documentation shows are drawn into docs/pictures; with one, every page at laptop and
phone width, light and dark, to be looked at.
"""

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from playwright.sync_api import Browser  # noqa: E402
from sqlalchemy import Connection  # noqa: E402
from tests.console.chromium import LAPTOP, PHONE, Site, browsing, site, tab  # noqa: E402
from tests.console.every_page import addresses, things, who  # noqa: E402

from tools.demo_fleet import NOW, fill  # noqa: E402
from weighbridge.fleet import list_routes  # noqa: E402
from weighbridge.fleet.listing import Asked  # noqa: E402
from weighbridge.fleet.permissions import EVERYTHING  # noqa: E402
from weighbridge.fleet.store import Store  # noqa: E402
from weighbridge.hub.schema import METADATA  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
ARTIFACT, ENDPOINT, RECORDS = "/artifacts/{sha256}", "/endpoints/{endpoint_id}", "/ledger/{endpoint_id}"
SHOWN = (
    ("console-posture", "/", LAPTOP, "light"),
    ("console-artifact", ARTIFACT, LAPTOP, "light"),
    ("console-artifact-dark", ARTIFACT, LAPTOP, "dark"),
    ("console-findings", "/findings", LAPTOP, "light"),
    ("console-catalog", "/catalog", LAPTOP, "light"),
    ("console-ledger", RECORDS, LAPTOP, "light"),
    ("console-model", "/catalog/{namespace}/{name}", LAPTOP, "light"),
    ("console-my-device", "/device", LAPTOP, "light"),
    ("console-phone", ARTIFACT, PHONE, "light"),
    ("console-request", "/catalog/request?model=research/speech-large", LAPTOP, "light"),
    ("console-review", "/catalog/review/{release_id}", LAPTOP, "light"),
)
MORE = ("/artifacts?q=verdit:deny", "/nothing", "/policy?compare=2", "/reports?pack=board")
"""Pages that look otherwise with a query, and the page of an error."""
Shot = tuple[str, str, tuple[int, int], str]


def _every() -> list[Shot]:
    named = {re.sub("[^a-z]+", "-", path).strip("-") or "posture": path for path in [*addresses(_Names()), *MORE]}
    sizes = (("laptop", LAPTOP), ("phone", PHONE))
    return [
        (f"{name}-{word}-{theme}", path, size, theme)
        for name, path in named.items()
        for word, size in sizes
        for theme in ("light", "dark")
    ]


class _Names(dict[str, str]):
    """Spells each parameter as `str.format` takes it."""

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def draw(folder: Path, shots: Sequence[Shot]) -> list[Path]:
    """Draw pictures: name, page, size of the window, light or dark. Return the files."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Store.open(f"sqlite:///{scratch}/fleet.db")
        METADATA.create_all(store.database.engine)
        store.write_now(fill)
        given = store.write_now(_things)
        with browsing() as browser, site(store) as served:
            made = [
                _draw(browser, served, folder / f"{name}.png", page, given, size, theme)
                for name, page, size, theme in shots
            ]
        store.close()
    return made


def _things(connection: Connection) -> dict[str, str]:
    """Return what is shown of everything that has a page: a model that runs, and the first machine."""
    wanted = Asked(query="format:gguf ran:<30d verdict:warn", sort="size", limit=1)
    model = list_routes.artifacts(connection, EVERYTHING, wanted, NOW).rows[0]
    machine = list_routes.endpoints(connection, EVERYTHING, Asked(sort="name", limit=1), NOW).rows[0]
    return things(connection, machine.endpoint_id, model.sha256)


def _draw(
    browser: Browser,
    served: Site,
    target: Path,
    page: str,
    given: dict[str, str],
    size: tuple[int, int],
    theme: str,
) -> Path:
    with tab(browser, served, size=size, color_scheme=theme, **who(page, given)) as opened:
        opened.open(page.format(**given)).screenshot(path=target)
    return target


def main() -> None:
    """Draw what the documentation shows, or everything."""
    from tools.pictures import smaller

    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        shots = _every()
    else:
        folder, shots = PICTURES, [*SHOWN]
    for picture in draw(folder, shots):
        smaller(picture)
        print(f"written: {picture.name} ({picture.stat().st_size // 1000} kB)")


if __name__ == "__main__":
    main()
