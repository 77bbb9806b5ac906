"""What is kept beside our packs is what their sources say."""

import pytest
from tests.policy_texts import forbid, policy_of, shipped
from tools.policy_packs import compiled_packs

from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.policies import load_policy
from weighbridge.policy.compiled import compiled, restored
from weighbridge.policy.packs import BUILT_IN

ACCEPTED = """
sources: [{store: ollama, publishers: [meta, "*"]}, {path: /srv}]
data_classes: [{id: public, meaning: Published.}]
logging: {recorded: [names]}
accepted: [{sha256: %s, reason: Looked at., by: me, until: 2030-01-31}, {sha256: %s, reason: Old., by: me}]
""" % ("a" * 64, "b" * 64)  # noqa: UP031  (braces are YAML's here)


def test_the_committed_forms_are_those_of_the_sources():
    for path, text in compiled_packs().items():
        assert path.read_text(encoding="utf-8") == text, f"run `python tools/policy_packs.py`: {path} differs"


@pytest.mark.parametrize("pack", BUILT_IN)
def test_a_scan_weighs_by_what_the_sources_say(pack):
    weighed_by, source = load_policy(FakeMachine(), pack), shipped(pack)
    assert weighed_by.settings == source.settings
    assert weighed_by.rules == source.rules
    assert len(weighed_by.engine) == len(source.engine)
    assert len(weighed_by.permits) == len(source.permits)


def test_every_value_comes_back_as_it_was():
    policy = policy_of(forbid('resource.format == "pickle" && resource.size > 3'), settings=ACCEPTED)
    again = restored(compiled(policy).encode())
    assert again == policy
    assert hash(again.settings) == hash(policy.settings)
    assert again.settings.accepted[0].until == policy.settings.accepted[0].until
