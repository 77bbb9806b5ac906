"""Small policies and artifacts for tests."""

from collections.abc import Callable

from hypothesis import strategies as st

from weighbridge.model.artifact import Artifact
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment, Confidence, Finding, Severity
from weighbridge.model.license import Commercial, DeclaredLicense, LicenseTerms
from weighbridge.model.place import Place
from weighbridge.pipeline.policies import built_in_files
from weighbridge.policy.pack import read_policy
from weighbridge.policy.policy import Policy
from weighbridge.policy.validate import Names

SETTINGS = """\
name: small
version: 1
title: A small policy
mode: enforce
"""

PERMIT = """
@id("permit-all")
@severity("info")
@reason("Nothing speaks against it.")
@remedy("Nothing to do.")
permit (principal, action, resource);
"""


def forbid(condition: str, *, rule: str = "a-rule", head: str = "", notes: str = "") -> str:
    """Return the text of one forbidding rule about artifacts."""
    return f"""
@id("{rule}")
@severity("high")
@reason("The reason of {rule}.")
@remedy("The remedy of {rule}.")
{notes}
forbid ({head or "principal, action, resource is Artifact"})
when {{ {condition} }};
"""


def policy_of(*rules: str, mode: str = "enforce", settings: str = "", names: Names | None = None) -> Policy:
    """Return a policy of these rules in one file `rules.cedar`."""
    files = {
        "policy.yaml": (SETTINGS.replace("enforce", mode) + settings).encode(),
        "rules.cedar": "".join(rules).encode(),
    }
    return read_policy(files, "small", names)


def shipped(pack: str) -> Policy:
    """Return a pack that ships with Weighbridge."""
    return read_policy(built_in_files(pack), pack)


def refusal(*rules: str, settings: str = "", names: Names | None = None) -> WeighbridgeError:
    """Return the error with which these rules are refused."""
    error = error_of(policy_of, *rules, settings=settings, names=names)
    assert error is not None, "nothing was refused"
    assert error.exit_code == 2
    assert error.hint
    return error


def error_of(function: Callable[..., object], *arguments: object, **options: object) -> WeighbridgeError | None:
    """Return the error that a call raises, None if it succeeds."""
    try:
        function(*arguments, **options)
    except WeighbridgeError as error:
        return error
    return None


def artifact(assessment: Assessment = Assessment.CLEAN, **values: object) -> Artifact:
    """Return an artifact; everything can be set."""
    defaults: dict[str, object] = {
        "format": "gguf",
        "size": 1000,
        "places": (Place(path=b"/home/ann/model.gguf"),),
        "assessment": assessment,
        "sha256": "ab" * 32,
    }
    return Artifact(**(defaults | values))  # type: ignore[arg-type]  # the caller says what fits


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(alphabet=st.characters(), max_size=20),
    st.tuples(st.text(max_size=3), st.integers()),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
NAMES = st.sampled_from(["architecture", "parameters", "context_length", "name", "quantization", "source_url", "x"])
ARTIFACTS = st.builds(
    Artifact,
    format=st.text(max_size=20),
    size=st.integers(),
    places=st.lists(
        st.builds(
            Place,
            path=st.binary(max_size=20),
            member=st.none() | st.text(max_size=5),
            store=st.none() | st.text(max_size=5),
            store_name=st.none() | st.text(max_size=9),
        ),
        max_size=3,
    ).map(tuple),
    assessment=st.sampled_from(Assessment),
    sha256=st.none() | st.text(max_size=64),
    claimed_sha256=st.none() | st.text(max_size=64),
    facts=st.lists(
        st.builds(Fact, name=NAMES, value=VALUES, grade=st.sampled_from(Grade), source=st.text(max_size=5)), max_size=5
    ).map(tuple),
    findings=st.lists(
        st.builds(
            Finding,
            check=st.text(max_size=9),
            severity=st.sampled_from(Severity),
            confidence=st.sampled_from(Confidence),
            message=st.text(max_size=5),
            remedy=st.text(max_size=5),
            implies=st.sampled_from(Assessment),
        ),
        max_size=3,
    ).map(tuple),
    license=st.builds(
        LicenseTerms,
        declared=st.lists(st.builds(DeclaredLicense, value=st.text(max_size=9), source=st.text()), max_size=2).map(
            tuple
        ),
        concluded=st.none() | st.text(max_size=9),
        commercial=st.sampled_from(Commercial),
    ),
    lineage=st.lists(st.text(max_size=9), max_size=3).map(tuple),
)
