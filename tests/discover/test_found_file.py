"""What is said of a file that a process holds, or only names."""

from weighbridge.discover.found_file import FoundFile, held_at, is_held_at, is_held_without_name, with_evidence
from weighbridge.discover.found_weights import FoundWeights
from weighbridge.discover.process_view import ProcessView
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.model.running import WeightsEvidence

MAPPED, OPEN, READ, COMMAND_LINE, SERVER = WeightsEvidence
WEIGHTS = FoundWeights(version=(1, 2), format="gguf", size=9000, sha256="aa", name="tiny")


def view() -> ProcessView:
    live = FakeLive()
    live.add(FakeProcess(pid=7))
    return ProcessView(entry=live.processes()[0])


def found(*evidence: WeightsEvidence, later: bool = False, path: bytes = b"/w") -> FoundFile:
    return FoundFile(weights=WEIGHTS, path=path, evidence={*evidence}, later=later)


def test_a_digest_that_the_process_may_not_hold_is_a_claim() -> None:
    process = view()
    told = found(SERVER, later=True).held(process).weights
    assert (told.sha256, told.claimed_sha256) == (None, "aa")
    assert process.shortcomings() == ("bytes as they were loaded: needs a look before their file changed",)


def test_what_is_held_is_certain_however_late_its_file_is() -> None:
    process = view()
    told = found(MAPPED, SERVER, later=True).held(process).weights
    assert (told.sha256, told.claimed_sha256, told.evidence) == ("aa", None, (MAPPED, SERVER))
    assert process.shortcomings() == ()


def test_copying_and_naming_is_not_running() -> None:
    assert not found(OPEN, COMMAND_LINE).held(view()).certain
    assert found(SERVER).held(view()).certain
    trusted = found(COMMAND_LINE)
    trusted.trusted = True
    assert trusted.held(view()).certain


def test_the_strongest_evidence_sorts_first() -> None:
    assert sorted([found(SERVER), found(MAPPED)], key=lambda one: one.strength)[0].evidence == {MAPPED}


def test_a_path_is_what_is_held_from_there() -> None:
    named, mapped = found(SERVER), found(MAPPED)
    assert held_at([named, mapped], b"/w") is mapped
    assert held_at([named], b"/w") is None
    assert held_at([mapped], b"/v") is None
    held = mapped.held(view())
    assert is_held_at(held.weights, b"/w")
    assert not is_held_at(named.held(view()).weights, b"/w")
    assert is_held_without_name(held.weights)
    assert not is_held_without_name(with_evidence(held, {SERVER}).weights)
    assert with_evidence(held, {SERVER}).weights.evidence == (MAPPED, SERVER)
