import pytest

from weighbridge.formats.model_card import READER, could_be
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource

CARD = b"""---
license: other
license_name: example-1
license_link: https://example.org/l
base_model:
- org/one
- org/two
datasets: [a, b]
tags:
- chat
pipeline_tag: text-generation
extra: {license: mit}
---
# Title
license: not-this
"""


def facts(text: bytes) -> dict:
    return {fact.name: fact.value for fact in READER.read(BytesSource(text), Budget()).facts}


def test_front_matter():
    assert facts(CARD) == {
        "license": "other",
        "license.name": "example-1",
        "license.link": "https://example.org/l",
        "base_model": ("org/one", "org/two"),
        "dataset": ("a", "b"),
        "tags": "chat",
        "task": "text-generation",
    }


@pytest.mark.parametrize(
    "text",
    [
        b"# No front matter\nlicense: mit\n",
        b"---\nlicense: mit\nnever closed",
        b"---\n" + b"a: &a [*a, *a]\n" * 5 + b"---\n",
        b"---\nlicense: [" + b"[" * 50_000 + b"\n---\n",
        b"---\n: : :\n\x00\n---\n",
        b"---\njust text\n---\n",
    ],
)
def test_anything_else_gives_nothing_and_does_not_raise(text):
    assert facts(text) == {}


def test_windows_line_ends():
    assert facts(CARD.replace(b"\n", b"\r\n"))["license"] == "other"


def test_recognition():
    assert could_be(CARD)
    assert not could_be(b"---\ntitle: a post\n---\n")


def test_what_a_person_reads_as_the_license_is_read():
    assert facts(b"---\nlicense: mit\nLicense: nc\n---\n")["license"] == ("mit", "nc")
    assert facts(b"---\nlicense:\n  id: mit\n  more:\n    terms: nc\n---\n")["license"] == ("mit", "nc")
    assert facts(b"---\nlicense: mit\n<<: {license: nc}\n---\n")["license"] == ("mit", "nc")
    assert facts(b"---\nlicense:\n- mit\n- mit\n---\n")["license"] == "mit"


def test_a_front_matter_that_is_no_yaml_still_names_licenses():
    found = facts(b"---\nlicense: mit\nbroken: [\n'licence': 'nc'\nlicense_name: n\n---\nlicense: not here\n")
    assert found["license"] == ("mit", "nc")
    assert found["license.name"] == "n"


def test_more_licenses_than_are_read_are_said():
    many = b"".join(b"- l%d\n" % number for number in range(100))
    assert facts(b"---\nlicense:\n" + many + b"---\n")["license"][-1] == "more values than are read"


def test_limits_in_the_text_and_before_a_download():
    card = b"---\nlicense: mit\nextra_gated_prompt: You use it for research purposes only.\n"
    card += b"extra_gated_fields:\n  I use it for non-commercial work: checkbox\n---\nCommercial use is prohibited.\n"
    found = [fact for fact in READER.read(BytesSource(card), Budget()).facts if fact.name == "license.limit"]
    assert [fact.source for fact in found] == ["what the card shows before a download", "text of the card"]
    assert len(found[0].value) == 2


def test_a_card_without_a_front_matter_may_state_a_limit_too():
    assert facts(b"# Model\n\nFor research purposes only.\n") == {"license.limit": "Model For research purposes only"}


def test_a_second_document_holds_as_the_first():
    assert facts(b"---\nlicense: mit\n---\n---\nlicense: cc-by-nc-4.0\n---\n")["license"] == ("mit", "cc-by-nc-4.0")
    assert facts(b"---\nlicense: mit\n---\nlicense: isc\n---\n") == {"license": "mit"}
