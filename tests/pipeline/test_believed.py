"""Who runs weights, and who only names them."""

from weighbridge.discover.found_weights import Held
from weighbridge.discover.process_view import ProcessView, look
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.model.running import RunningWeights, WeightsEvidence
from weighbridge.pipeline.believed import believed

MAPPED, COMMAND_LINE = WeightsEvidence.MAPPED, WeightsEvidence.COMMAND_LINE


def views(**parents: int) -> dict[int, ProcessView]:
    live = FakeLive()
    for name, parent in parents.items():
        live.add(FakeProcess(pid=int(name[1:]), parent=parent))
    return look(live)


def held(evidence: WeightsEvidence, version: int = 1, *, certain: bool = True) -> tuple[Held, ...]:
    return (Held(RunningWeights(evidence=(evidence,)), (version,), certain=certain),)


def test_who_names_weights_needs_another_sign() -> None:
    named = {7: held(COMMAND_LINE, certain=False)}
    assert believed(named, views(p7=1), set()) == {}
    assert believed(named, views(p7=1), {7}) == named


def test_who_started_the_runtime_does_not_run_the_weights() -> None:
    weights = {7: held(COMMAND_LINE), 8: held(COMMAND_LINE), 9: held(MAPPED)}
    family = views(p7=1, p8=7, p9=8)
    assert [*believed(weights, family, set())] == [9]
    assert [*believed(weights, family, {7})] == [7, 9]


def test_other_weights_of_a_child_do_not_count() -> None:
    weights = {7: held(COMMAND_LINE, 1), 8: held(MAPPED, 2)}
    assert [*believed(weights, views(p7=1, p8=7), set())] == [7, 8]


def test_what_is_held_counts_whoever_started_whom() -> None:
    weights = {7: held(MAPPED), 8: held(MAPPED)}
    assert believed(weights, views(p7=8, p8=7), set()) == weights


def test_a_program_that_reads_any_file_needs_another_sign_too() -> None:
    weights = {7: held(MAPPED)}
    assert believed(weights, views(p7=1), set(), {7}) == {}
    assert believed(weights, views(p7=1), {7}, {7}) == weights
