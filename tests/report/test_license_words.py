from dataclasses import replace

import pytest
from tests.samples.scan import HOSTILE_NAME, artifacts

from weighbridge.licensing.evidence import terms
from weighbridge.lineage.declared import declared_ancestry
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.license import ChainLink, Commercial, EffectiveTerms, IdentifiedText, LicenseTerms, TextLikeness
from weighbridge.report.license_words import chain_words, headline, step, text_words


def said(**facts):
    found = [
        Fact(name=name.replace("__", "."), value=value, grade=Grade.DECLARED, source="card")
        for name, value in facts.items()
    ]
    return terms(found, ancestry=declared_ancestry(found))[0]


@pytest.mark.parametrize(
    ("facts", "first", "second"),
    [
        (
            {"license": "mit"},
            "Commercial use is allowed: `mit` by its label.",
            "Before you ship it, go through the 2 points below.",
        ),
        (
            {"license": "apache-2.0", "base_model": "meta-llama/Llama-3.1-8B"},
            "Commercial use on conditions: made from meta-llama/Llama-3.1-8B, which is under `llama3.1`;"
            " it calls itself `apache-2.0` by its label.",
            "Before you ship it, go through the 10 points below.",
        ),
        (
            {"license": "other", "license__name": "flux-1-dev-non-commercial-license"},
            "No commercial use: `flux-1-dev-nc` by its label.",
            "For business use, take another model or ask Black Forest Labs for a license.",
        ),
        (
            {"license": "mit", "base_model": "acme/base"},
            "It is not known whether commercial use is allowed: made from acme/base, whose license is not known;"
            " it calls itself `mit` by its label.",
            "Find the license of acme/base on the publisher's page and keep its text beside the weights.",
        ),
        (
            {},
            "It is not known whether commercial use is allowed: Nothing declares a license.",
            "Find the license on the publisher's page and keep its text beside the weights.",
        ),
    ],
)
def test_two_lines(facts, first, second):
    found = said(**facts)
    assert (headline(found), step(found)) == (first, second)


def test_hostile_names_are_escaped_and_short():
    hostile = artifacts()[3].license
    for line in (headline(hostile), *chain_words(hostile)):
        assert HOSTILE_NAME not in line
        assert line.isprintable()
        assert len(line) < 600


def test_texts():
    one = IdentifiedText(
        source="LICENSE", sha256="0" * 64, likeness=TextLikeness.ALTERED, license="mit", detail="added: nc"
    )
    assert text_words(one) == "LICENSE is `mit` with changes: added: nc"
    none = IdentifiedText(source="LICENSE", sha256="0" * 64, likeness=TextLikeness.UNIDENTIFIED)
    assert text_words(none) == "LICENSE is a text that is not known"


def test_terms_without_evidence():
    assert headline(LicenseTerms()).endswith("nothing declares a license.")
    assert chain_words(LicenseTerms()) == []


def test_a_label_is_not_called_measured():
    own = ChainLink(
        name="this artifact", license="mit", commercial=Commercial.ALLOWED, grade="measured", source="label"
    )
    base = replace(own, name="acme/base", grade="declared", source="header key base_model")
    assert chain_words(LicenseTerms(effective=EffectiveTerms(chain=(own, base)))) == [
        "this artifact: mit, allowed (by its label)",
        "acme/base: mit, allowed (declared; header key base_model)",
    ]
