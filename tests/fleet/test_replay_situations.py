"""What no rule asks about tells no situation from another; everything else does."""

import pytest
from tests.sync.policy_server import policy_files

from weighbridge.fleet.replay_situations import Facts, Lens, attributes_of
from weighbridge.policy.attributes import artifact_attributes
from weighbridge.policy.pack import read_policy

DIGEST, OTHER = "1a" * 32, "2b" * 32
FACTS = Facts("gguf", 5, "clean", "mit", "allowed")
PLAIN = (
    b'@id("allow-all") @severity("info") @reason("r") @remedy("r")\npermit (principal, action, resource);\n'
    b'@id("deny-x") @severity("low") @reason("r") @remedy("r")\n'
    b"forbid (principal, action, resource is Artifact) when { %s };\n"
)


def policy(asks, more=b""):
    files = policy_files()
    return read_policy({"policy.yaml": files["policy.yaml"] + more, "x.cedar": PLAIN % asks}, "")


def lens(asks, more=b"", accepted=frozenset()):
    return Lens((policy(asks, more),), accepted)


def situation(one, artifact=DIGEST, facts=FACTS, found=(), path="/home/ada/m.gguf", **more):
    return one.situation(artifact, one.shown(facts), found, path, **more)


@pytest.mark.parametrize(
    ("asks", "other"),
    [
        (b'resource.format == "gguf"', {"facts": FACTS._replace(format="onnx")}),
        (b"resource.code_capable", {"facts": FACTS._replace(format="pickle")}),
        (b"resource.size > 3", {"facts": FACTS._replace(size=6)}),
        (b'resource.assessment == "clean"', {"facts": FACTS._replace(assessment="malicious")}),
        (b'resource.license.concluded == "mit"', {"facts": FACTS._replace(license="gpl-3.0")}),
        (b"resource.runs_code", {"found": (("custom-code", "high"),)}),
        (b"resource.severity_rank > 2", {"found": (("custom-code", "high"),)}),
        (b'resource.digest.sha256 == "aa"', {"artifact": OTHER}),
        (b'resource.publishers.contains("meta-llama")', {"store_name": "meta-llama/x", "store": "huggingface"}),
    ],
)
def test_what_a_rule_asks_about_tells_situations_apart_and_nothing_else_does(asks, other):
    assert situation(lens(asks)) != situation(lens(asks), **other)
    blind = lens(b"resource.in_archive")
    if "store" not in other:
        assert situation(blind) == situation(blind, **other)


def test_a_digest_that_a_policy_accepts_is_a_situation_of_its_own():
    one = lens(b"resource.in_archive", accepted=frozenset({OTHER}))
    assert situation(one, OTHER).digest == OTHER
    assert situation(one).digest != DIGEST
    settings = policy(b"resource.in_archive").settings
    assert attributes_of(situation(one, OTHER), settings, frozenset({OTHER}))["accepted"] is True
    assert attributes_of(situation(one), settings, frozenset({OTHER}))["accepted"] is False


def test_folders_that_a_policy_names_are_all_that_counts_of_a_path():
    one = lens(b"resource.production")
    assert situation(one, path="/home/a") == situation(one, path="/home/b")
    assert situation(one, path="/srv/a").inside == ("/srv",)
    assert situation(one, path="/srvx/a").inside == ()
    assert situation(one, path="/srv").inside == ("/srv",)
    settings = policy(b"resource.production").settings
    assert attributes_of(situation(one, path="/opt/x"), settings, frozenset())["production"] is True
    assert attributes_of(situation(one, path="/home/x"), settings, frozenset())["production"] is False


def test_publishers_count_only_where_somebody_asks_for_them():
    blind = lens(b"resource.source.known")
    one = {"store": "huggingface"}
    assert situation(blind, store_name="a/x", **one) == situation(blind, store_name="b/x", **one)
    assert situation(blind, store_name="x", **one) != situation(blind, store_name="a/x", **one), (
        "an owner is there or not"
    )
    settings = policy(b"resource.source.known").settings
    known = attributes_of(situation(blind, store_name="a/x", **one), settings, frozenset())
    assert (known["source.known"], known["source.accepted"]) == (True, True)
    unowned = attributes_of(situation(blind, store_name="x", **one), settings, frozenset())
    assert (unowned["source.known"], unowned["source.accepted"]) == (True, False)


def test_the_attributes_are_those_that_an_endpoint_would_ask_with():
    from weighbridge.model.artifact import Artifact
    from weighbridge.model.finding import Assessment
    from weighbridge.model.place import Place

    one = lens(b'resource.format == "gguf" && resource.size > 3')
    settings = policy(b"resource.in_archive").settings
    made = attributes_of(situation(one, f"claimed:{DIGEST}", member="a.bin"), settings, frozenset())
    artifact = Artifact(
        format="gguf",
        size=5,
        places=(Place(path=b"/home/ada/m.gguf", member="a.bin", store=None, store_name=None),),
        assessment=Assessment.CLEAN,
        sha256=None,
        claimed_sha256=DIGEST,
    )
    exact = artifact_attributes(artifact, settings)
    for name in (
        "digest.status",
        "format",
        "size",
        "in_archive",
        "code_capable",
        "production",
        "source.known",
        "stores",
    ):
        assert made[name] == exact[name], name
