"""`weighbridge.ps/1` of a snapshot that has everything in it."""

import json
from dataclasses import replace

from tests.samples.scan import context
from tests.tui.snapshots import EVERYTHING, SERVER

from weighbridge.model.running import RunningWeights, WeightsEvidence
from weighbridge.report.ps_json import document, process_document, render


def test_it_says_what_later_rooms_rely_on() -> None:
    found = document(EVERYTHING, context())
    assert found["schema"] == "weighbridge.ps/1"
    (server,) = [one for one in found["processes"] if one["pid"] == 4711]
    promised = {
        "pid", "runtime", "weights", "listeners", "accelerators", "actor", "network", "verdict", "not_visible",
    }  # fmt: skip
    assert promised <= {*server}
    assert server["runtime"] == "llama_cpp"
    assert server["weights"][0] == {
        "sha256": "3f9a" + "0" * 60,
        "claimed_sha256": None,
        "path": "/models/qwen2.5-coder-7b-q4_k_m.gguf",
        "evidence": ["mapped", "command-line"],
        "size": 4_700_000_000,
        "format": "gguf",
        "name": None,
        "deleted": False,
        "replaced": True,
    }
    assert server["verdict"]["decision"] == "deny"


def test_exact_bytes_stand_beside_a_path_that_is_no_text() -> None:
    weights = RunningWeights(evidence=(WeightsEvidence.MAPPED,), path=b"/m/\xff")
    (found,) = process_document(replace(SERVER, weights=(weights,)))["weights"]
    assert (found["path"], found["path_bytes"]) == ("/m/\\xff", "L20v/w==")


def test_it_is_ascii_and_ends_in_a_newline() -> None:
    text = render(replace(EVERYTHING, not_visible=("\x1b[31mrot ü",)), context())
    assert text.isascii()
    assert text.endswith("}\n")
    assert "\x1b" not in text
    assert json.loads(text)["not_visible"] == ["\x1b[31mrot ü"]
