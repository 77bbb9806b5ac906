"""A whole server that listens on a free port, and Chromium to look at it with.

The browser is the system's (`chromium`, `google-chrome`, or a path in the variable CHROMIUM): Playwright drives it and
downloads none. Whatever the browser complains about, and whatever it wanted from another host, is kept.
"""

import asyncio
import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server as Listener
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.fleet.serving import Running
from tests.fleet.small_fleet import AT

from weighbridge.fleet.accounts import Account
from weighbridge.fleet.permissions import EVERYTHING, Role, Scope
from weighbridge.fleet.settings import read_settings
from weighbridge.fleet.store import Store

LIMIT = 60_000
"""Milliseconds that anything may take before a test gives up."""
LAPTOP, PHONE = (1280, 800), (390, 844)
_NO_LIMITS = {"requests_per_minute": 1_000_000, "sign_ins_per_minute": 10_000}
"""The clock of a test stands still, so what may be done in a minute would have to last for all of it."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--force-prefers-reduced-motion",
)


def chromium() -> str | None:
    """Return the browser of this machine."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def browsing(*flags: str) -> Iterator[Browser]:
    """Run the browser of this machine, with more flags."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*_FLAGS, *flags], timeout=LIMIT)
        yield browser
        browser.close()


def _free_address() -> tuple[str, int]:
    """Return a loopback address of this process alone, so that no other test takes the port meanwhile, and a port."""
    number = os.getpid()
    host = f"127.77.{number >> 8 & 255}.{number & 255}" if sys.platform == "linux" else "127.0.0.1"
    with socket.socket() as probe:
        probe.bind((host, 0))
        return host, int(probe.getsockname()[1])


class Site(Running):
    """A server that listens; its clock stands at the end of the small fleet. With a name it is reached by that."""

    def __init__(self, store: Store, name: str = "") -> None:
        self.host, self.port = _free_address()
        self.origin = f"http://{name or self.host}:{self.port}"
        flags = {"listen": f"{self.host}:{self.port}", "url": self.origin, **_NO_LIMITS}
        super().__init__(store, read_settings(flags=flags))
        self.clock.now = AT
        self._people: dict[str, Account] = {}
        self._listening = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def person(self, role: Role, scope: Scope = EVERYTHING) -> Account:
        """Return the account of somebody with a role and a scope."""
        name = f"{role.value} {scope.endpoint_id or ''}".strip()
        if name not in self._people:
            self._people[name] = self.account(name, role, scope)
        return self._people[name]

    async def _serve(self) -> None:
        self._listener = Listener(
            self.app,
            address=self.host,
            port=self.port,
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
        )
        self._loop = asyncio.get_running_loop()
        serving = asyncio.create_task(self._listener.serve())
        while not serving.done():
            try:
                _, writer = await asyncio.open_connection(self.host, self.port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            break
        self._listening.set()
        await serving

    def start(self) -> None:
        """Listen; ready on return."""
        self._thread.start()
        assert self._listening.wait(LIMIT / 1000)

    def stop(self) -> None:
        """Listen no more."""
        self._loop.call_soon_threadsafe(self._listener.stop)
        self._thread.join(LIMIT / 1000)
        assert not self._thread.is_alive()
        self.close()


@contextmanager
def site(store: Store, name: str = "") -> Iterator[Site]:
    """Serve a store."""
    started = Site(store, name)
    started.start()
    yield started
    started.stop()


class Tab:
    """A page of the browser, who looks at it, and what went wrong in it."""

    def __init__(self, site: Site, context: BrowserContext) -> None:
        self.site = site
        self.context = context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(LIMIT)
        self.wrong: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _said(self, message) -> None:
        # An answer of 4xx is the point of some pages, and the browser says so on its console.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request) -> None:
        if not request.url.startswith(self.site.origin):
            self.wrong.append(f"asked elsewhere: {request.url}")

    def open(self, path: str) -> Page:
        """Go to a path and wait until it has loaded."""
        self.page.goto(self.site.origin + path, wait_until="load")
        return self.page

    def overflow(self) -> list[str]:
        """Return what makes the page wider than its window."""
        return self.page.evaluate(_OVERFLOW)

    def cramped(self) -> list[str]:
        """Return what has too little room: words that are broken, and lists of which a part is out of sight."""
        return self.page.evaluate(_CRAMPED)


_OVERFLOW = """() => {
  const width = document.documentElement.clientWidth, found = [];
  if (document.documentElement.scrollWidth <= width) return found;
  for (const node of document.querySelectorAll("body *")) {
    const box = node.getBoundingClientRect();
    if (box.right > width + 1 && box.width && !node.closest(".sheet,.skip,.sr,thead"))
      found.push(node.tagName + "." + node.className + " " + Math.round(box.right) + " of " + width);
  }
  return found.length ? found.slice(0, 5) : ["the page is " + document.documentElement.scrollWidth + " of " + width];
}"""

_CRAMPED = """() => {
  const found = new Set(), range = document.createRange(), main = document.querySelector("main");
  for (const box of main.querySelectorAll(".sheet, .panel"))
    if (box.checkVisibility() && box.scrollWidth > box.clientWidth + 1) {
      const name = box.getAttribute("aria-label") || box.querySelector("h2, table")?.innerText.slice(0, 40);
      found.add((name || box.tagName) + ": " + box.scrollWidth + " of " + box.clientWidth);
    }
  const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) {
    if (!text.parentElement.checkVisibility() || text.parentElement.closest("pre, code, .mono")) continue;
    for (const word of text.data.matchAll(/[\\p{L}\\p{N}]{2,}/gu)) {
      if (word[0].length > 24) continue;
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = [...range.getClientRects()].map((line) => Math.round(line.top));
      if (new Set(lines).size > 1) found.add("broken: " + word[0]);
    }
  }
  return [...found].slice(0, 8);
}"""


@contextmanager
def tab(
    browser: Browser,
    site: Site,
    *,
    size: tuple[int, int] = LAPTOP,
    role: Role | None = Role.ADMINISTRATOR,
    scope: Scope = EVERYTHING,
    **options: object,
) -> Iterator[Tab]:
    """Open a tab, signed in with a role unless it is None; fail if the browser complained about anything."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.origin)
    if role is not None:
        cookies, _ = site.session(site.person(role, scope))
        context.add_cookies([{"name": key, "value": value, "url": site.origin} for key, value in cookies.items()])
    opened = Tab(site, context)
    yield opened
    context.close()
    assert opened.wrong == []


def copied(path: Path, content: bytes) -> Store:
    """Return a store over a file that begins with some content."""
    path.write_bytes(content)
    path.chmod(0o600)
    return Store.open(f"sqlite:///{path}")
