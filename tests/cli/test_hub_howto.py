"""Every command line of docs/howto/get-models-from-the-hub.md works, in order, against a small hub."""

import re
import shlex
from pathlib import Path

from tests.cli_runs import wb
from tests.house.files import ROOT
from tests.pipeline.hub_answers import REQUESTS, entry, release, request, story

PAGE = ROOT / "docs/howto/get-models-from-the-hub.md"


def test_every_command_line_of_the_page_works(small_hub, setup_home, monkeypatch):
    small_hub.files = {"config.json": b"{}", "model.gguf": b"GGUF"}
    tasks = {"models": [entry("acme/coder")], "after": ""}
    small_hub.answers = {
        "/api/whoami-v2": (200, {"name": "dana"}),
        "/api/v1/models?task=coding&sort=best&limit=200": (200, tasks),
        REQUESTS: (201, request()),
        f"{REQUESTS}/r1": story("done", of=release("approved")),
        f"{REQUESTS}?mine=true": (200, [request("done")]),
    }
    monkeypatch.chdir(setup_home)
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) >= 8
    for line in lines:
        words = shlex.split(line.replace("https://hub.example.com", small_hub.url))
        assert words[0] == "wb", line
        asks = ["--yes"] if words[1:3] == ["hub", "setup"] and "--status" not in words else []
        code, _, err = wb(*words[1:], *asks)
        assert code == 0, (line, err)
    assert Path("models.lock").exists()
