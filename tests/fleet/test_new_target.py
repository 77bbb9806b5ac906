import pytest

from weighbridge.fleet.new_target import NewTarget, checked_target
from weighbridge.model.errors import WeighbridgeError


@pytest.mark.parametrize(
    ("kind", "address", "shown"),
    [
        ("slack", "https://hooks.slack.com/services/T0/B0/secret", "https://hooks.slack.com/…"),
        ("teams", "https://prod.example.com/workflows/a?sig=secret", "https://prod.example.com/…?…"),
        ("webhook", "https://siem.example.com/in?key=secret", "https://siem.example.com/in?…"),
        ("syslog", "siem.example.com", "siem.example.com:6514"),
        ("cef", "[2001:db8::1]:99", "[2001:db8::1]:99"),
    ],
)
def test_what_is_secret_in_an_address_is_not_shown(kind: str, address: str, shown: str) -> None:
    made = checked_target(NewTarget(name=" n ", kind=kind, address=address), "secret-of-it")
    assert made.shown_address == shown
    assert made.destination.address == address
    assert made.name == "n"


def test_what_is_usual_and_what_was_chosen() -> None:
    usual = checked_target(NewTarget(name="n", kind="slack", address="https://a.example"), "")
    assert (usual.topics, usual.severity) == (("finding", "decision"), "high")
    chosen = NewTarget(
        name="n", kind="splunk", address="https://a.example", topics=["decision", "record"], severity="low"
    )
    made = checked_target(chosen, "token")
    assert (made.topics, made.severity, made.destination.format) == (("record", "decision"), "low", "ocsf")


def test_a_target_that_needs_a_secret() -> None:
    with pytest.raises(WeighbridgeError, match="needs a secret"):
        checked_target(NewTarget(name="n", kind="splunk", address="https://a.example"), "")
