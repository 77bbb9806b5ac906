import xml.etree.ElementTree as ElementTree

from tests.export.intents import everything, hostile, ordinary

from weighbridge.export.registry import export
from weighbridge.export.wording import comment, described, one_line, xml_comment


def test_a_description_says_why_by_which_policy_and_whom_to_ask() -> None:
    intent = everything()
    said = described(intent, "Why.", intent.open_listener.rule)
    assert said.startswith("Why. The reason of no-open. The remedy of no-open. (rule no-open) ")
    assert "policy small 1" in said


def test_nothing_in_it_begins_a_line() -> None:
    intent = hostile()
    assert described(intent, "Why.", intent.open_listener.rule).isprintable()
    assert all(line.startswith("##") for line in comment(intent, export("auditd"), "##").splitlines())
    assert one_line("a\nb\x1b") == "a\\x0ab\\x1b"


def test_the_head_says_whether_it_blocks() -> None:
    systemd, sigma = export("systemd"), export("sigma")
    assert "It may block what the policy denies." in comment(everything(), systemd)
    assert "It blocks nothing: the policy only reports." in comment(ordinary()[0], systemd)
    assert "It reports and blocks nothing." in comment(everything(), sigma)


def test_the_head_says_what_is_left_out() -> None:
    assert "# Not in here: models that the policy denies, by digest.\n" in comment(everything(), export("falco"))


def test_a_comment_of_xml_ends_where_it_should() -> None:
    for text in ("a--b", "a---b", "-", "--", "a-"):
        ElementTree.fromstring(f"<!--{xml_comment(text)}--><a/>")
