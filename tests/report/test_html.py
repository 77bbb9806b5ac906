import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from tests.samples.scan import artifacts, context, scan

from weighbridge.report.html import POLICY, RENDERER


class Page(HTMLParser):
    """Collects tags, attributes and the text of script and style elements."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[tuple[str, dict[str, str | None], str]] = []
        self._open: tuple[str, dict[str, str | None]] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = (tag, dict(attrs)) if tag in ("script", "style") else None

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.raw.append((*self._open, data))


def page(**changes: object) -> tuple[str, Page]:
    text = RENDERER.render(scan(**changes), context())
    return text, Page(text)


def test_the_policy_allows_exactly_this_script_and_this_style() -> None:
    _, parsed = page()
    hashes = []
    for _, attributes, content in parsed.raw:
        if attributes.get("type") != "application/json":
            hashes.append(base64.b64encode(hashlib.sha256(content.encode()).digest()).decode())
    assert len(hashes) == 3
    assert POLICY.count("sha256-") == 3
    for digest in hashes:
        assert f"'sha256-{digest}'" in POLICY
    assert "unsafe" not in POLICY
    assert "default-src 'none'" in POLICY


def test_nothing_hostile_becomes_markup() -> None:
    text, parsed = page()
    assert not [tag for tag, _ in parsed.tags if tag in ("img", "iframe", "object", "embed", "base", "form")]
    assert [tag for tag, _ in parsed.tags].count("script") == 3
    for _, attributes in parsed.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_page_loads_nothing_from_anywhere() -> None:
    text, parsed = page()
    for tag, attributes in parsed.tags:
        for name in ("src", "href", "action", "srcset"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:")), (tag, value)
    assert not re.findall(r"url\(|@import", text)


def test_details_are_json_that_no_parser_mistakes_for_markup() -> None:
    _, parsed = page()
    (content,) = [data for tag, attributes, data in parsed.raw if attributes.get("type") == "application/json"]
    assert not set("<>&") & set(content)
    details = json.loads(content)
    assert len(details) == 5
    assert details[0]["findings"][0][4] == "unsafe-import"


def test_without_script_the_rows_carry_findings_and_remedies() -> None:
    text, parsed = page()
    assert len([1 for tag, attributes in parsed.tags if tag == "tr" and "data-i" in attributes]) == 5
    assert text.count('class="found"') == 3
    assert "Do not load it" in text


def test_an_empty_scan_has_a_page_too() -> None:
    text, _ = page(artifacts=(), repositories=(), unexamined=())
    assert "no model was found" in text


def test_a_page_of_ten_thousand_stays_small_enough_to_open() -> None:
    clean = artifacts()[0]
    many = tuple(replace(clean, sha256=f"{number:064x}") for number in range(10_000))
    assert len(RENDERER.render(scan(artifacts=many), context())) < 30_000_000


def test_one_is_not_many() -> None:
    found = next(artifact for artifact in scan().artifacts if artifact.findings)
    one = replace(found, findings=found.findings[:1])
    text, _ = page(artifacts=(one,), files_seen=1)
    assert "<b>1</b> file looked at" in text
    assert "<b>1</b> finding<" in text
