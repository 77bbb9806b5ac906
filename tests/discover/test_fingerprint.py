from weighbridge.discover.fingerprint import fingerprints
from weighbridge.host.fake import FakeMachine


def test_equal_values_have_equal_fingerprints_on_one_machine_only() -> None:
    machine = FakeMachine()
    first, second = fingerprints(machine), fingerprints(machine)
    assert first.kept
    assert first.of("a value") == second.of("a value")
    assert first.of("a value") != first.of("another")
    assert fingerprints(FakeMachine()).of("a value") != first.of("a value")


def test_a_fingerprint_tells_nothing_of_value_or_key() -> None:
    made = fingerprints(FakeMachine())
    assert len(made.of("a value")) == 32
    assert "a value" not in made.of("a value")
    assert repr(made) == "Fingerprints()"


def test_without_a_folder_the_key_lasts_as_long_as_the_run(monkeypatch) -> None:
    from weighbridge.host.state import StateError

    class Broken:
        def query(self, *_: object) -> list[object]:
            raise StateError("read-only")

    machine = FakeMachine()
    monkeypatch.setattr(machine, "kept_database", lambda *_: Broken())
    assert not fingerprints(machine).kept
