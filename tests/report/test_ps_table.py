"""The table of what runs, at the width that a terminal has."""

from dataclasses import replace

import pytest
from inline_snapshot import snapshot as expected
from tests.samples.scan import context
from tests.tui.snapshots import EVERYTHING, SERVER

from weighbridge.model.running import RunningWeights, Snapshot, WeightsEvidence
from weighbridge.model.verdict import APPROVED_RULE, DecidingRule, Decision, Verdict
from weighbridge.report.ps_table import render


def lines(snapshot: Snapshot, width: int = 80) -> list[str]:
    return render(snapshot, replace(context(), width=width)).splitlines()


def test_at_80_columns() -> None:
    assert "\n".join(lines(EVERYTHING)) == expected("""\
pid     runtime       weights           listens on        actor        verdict
800     claude        —                 —                 claude_code  —
900     python3       phi-4             —                 service      ✓ allow
        mapped · sha256 7777777777777777…
        ✗ Its license allows no commercial use. (deny-noncommercial)
        → Use another model.
4711    llama_cpp     qwen2…4_k_m.gguf  0.0.0.0:8080      human        ✗ deny
        mapped, on its command line · gguf · 4.70 GB · sha256 3f9a000000000000…
        /models/qwen2.5-coder-7b-q4_k_m.gguf
        ! other bytes lie at its path now
        draft.gguf · open · claims sha256 abababababababab…
        /models/draft.gguf
        also listens on /run/llama.sock
        H100 75% 4.00 GB
        ✗ Its license allows no commercial use. (deny-noncommercial)
        → Use another model.
        high: Anybody who reaches port 8080 can use the model.
        → Bind it to 127.0.0.1.
        not visible: open files: needs root

2 processes run weights · 400 processes looked at · network: corporate
policy: observe 1
not visible: mapped files of 12 processes: needs CAP_PERFMON\
""")


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (72, 80, 120):
        assert max(map(len, lines(EVERYTHING, width))) <= width


def test_nothing_runs() -> None:
    empty = replace(EVERYTHING, processes=(), not_visible=(), processes_seen=1)
    assert lines(empty) == ["nothing runs weights · 1 process looked at · network: corporate", "policy: observe 1"]


def test_what_is_not_measured_yet_is_said() -> None:
    weights = RunningWeights(evidence=(WeightsEvidence.MAPPED,), claimed_sha256="ab" * 32, size=40 << 30, name="big")
    text = "\n".join(lines(replace(EVERYTHING, processes=(replace(SERVER, weights=(weights,)),)), 120))
    assert "claims sha256 abababababababab… · not measured yet" in text


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\u202egpj.exe", "a\nb"])
def test_names_cannot_act_on_the_terminal(hostile: str) -> None:
    weights = RunningWeights(evidence=(WeightsEvidence.MAPPED,), name=hostile, path=hostile.encode())
    process = replace(SERVER, name=hostile, runtime=None, weights=(weights,), container=hostile)
    text = render(replace(EVERYTHING, processes=(process,)), context())
    assert hostile not in text


def test_color_is_only_there_where_it_is_wanted() -> None:
    assert "\x1b[" not in render(EVERYTHING, context())
    assert "\x1b[" in render(EVERYTHING, replace(context(), color=True))


def test_what_the_catalog_says_stands_beside_the_verdict() -> None:
    known = "In the catalog: approved as acme/coder, until 2027-01-01."
    rule = DecidingRule(id=APPROVED_RULE, severity="info", reason=known, remedy="", decision=Decision.ALLOW)
    verdict = Verdict(decision=Decision.ALLOW, action="infer", policy="p 1", mode="enforce", rules=(rule,))
    text = lines(replace(EVERYTHING, processes=(replace(SERVER, verdict=verdict),)))
    assert f"        {known}" in text
