from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.policy_texts import PERMIT, forbid, policy_of, shipped
from tools.policy_packs import pages

from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.render import html, markdown

VOID = {"meta", "hr"}


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("path", pages(), ids=lambda path: path.name)
def test_pages_are_as_committed(path: Path):
    assert path.read_text(encoding="utf-8") == pages()[path], "run `python tools/policy_packs.py` and read the change"


@pytest.mark.parametrize("pack", BUILT_IN)
def test_html_is_well_formed_and_loads_nothing(pack):
    text = html(shipped(pack))
    balance = Balance()
    balance.feed(text)
    assert balance.open == []
    assert all(address.startswith("#") for address in balance.addresses)
    assert "<script" not in text
    assert "default-src 'none'" in text


def test_texts_of_a_policy_cannot_break_the_page():
    attack = "</p><script>alert(1)</script> [x](javascript:y) ![i](z) *b* `code` # h"
    policy = policy_of(PERMIT, forbid("true", notes=f'@clause("{attack}")'), settings=f"summary: '{attack}'\n")
    assert "<script>" not in html(policy)
    assert "<code>code</code>" in html(policy)
    text = markdown(policy)
    assert "<script>" not in text.replace("\\<", "")
    assert "\\[x\\](javascript:y)" in text
    assert "`code`" in text


def test_a_lone_backtick_is_no_code():
    assert "it's" in markdown(policy_of(PERMIT, forbid("true", notes='@clause("it`s")')))


def test_the_mode_is_said_first():
    assert "Nothing is blocked" in markdown(shipped("observe")).split("##")[0]
    assert "enforced" in markdown(shipped("balanced")).split("##")[0]
