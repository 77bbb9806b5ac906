from tests.export.intents import everything, hostile, ordinary

from weighbridge.export.wording import comment, described, one_line


def test_a_description_says_why_by_which_policy_and_whom_to_ask() -> None:
    intent = everything()
    said = described(intent, "Why.", intent.open_listener.rule)
    assert said.startswith("Why. The reason of no-open. The remedy of no-open. (rule no-open) ")
    assert "policy small 1" in said


def test_nothing_in_it_begins_a_line() -> None:
    intent = hostile()
    assert described(intent, "Why.", intent.open_listener.rule).isprintable()
    assert all(line.startswith("##") for line in comment(intent, "##").splitlines())
    assert one_line("a\nb\x1b") == "a\\x0ab\\x1b"


def test_the_head_says_whether_it_blocks() -> None:
    assert "may block" in comment(everything())
    assert "blocks nothing" in comment(ordinary()[0])
