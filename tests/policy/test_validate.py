import pytest
from tests.policy_texts import PERMIT, forbid, policy_of, refusal

from weighbridge.policy.validate import ANNOTATIONS, Names


@pytest.mark.parametrize(
    ("condition", "says", "hint"),
    [
        ('resource.licence.declared.contains("mit")', "`resource.licence.declared`", "`license.declared`"),
        ('resource.license.effective.commercal == "unknown"', "commercal", "`license.effective.commercial`"),
        ('resource.asessment == "clean"', "`resource.asessment`", "`assessment`"),
        ('context.environmnt == "production"', "`context.environmnt`", "`environment`"),
        ("resource has parameter", "`resource.parameter`", "`parameters`"),
        ('resource.license has comercial && resource.format == "x"', "license.comercial", ""),
        ('resource.assessment == "malicous"', "with `malicous`, which it never is", "`malicious`"),
        ('["clen", "review"].contains(resource.assessment)', "`clen`", "`clean`"),
        ('context.data_kinds.contains("pi")', "`pi`", "`pii`"),
        ('"prod" == context.environment', "`prod`", "`production`"),
        ('resource.assessment like "malic0us*"', "with a pattern", "malicious"),
        ('resource.license.declared.contains("MIT")', "always in lower case", "`mit`"),
        ('resource.quantization == "Q4_K_M"', "always in lower case", "`q4_k_m`"),
        ("resource.size == true", "not valid", ""),
        ("resource.parameters > 3", "optional attribute", "`resource has parameters && ...`"),
        ('(if true then resource else resource).format == "x"', "computed value", "Ask `resource`"),
        ('resource == Artifact::"x"', "single resource", "attributes"),
        ('action == Action::"lod"', "unknown action `lod`", "`load`"),
    ],
)
def test_misspelt_names_are_refused_with_the_nearest(condition, says, hint):
    error = refusal("\n", forbid(condition))
    assert error.message.startswith("small/rules.cedar:3 rule `a-rule` ")
    assert says in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("head", "says", "hint"),
    [
        ('principal, action == Action::"lod", resource', "unknown action `lod`", "`load`"),
        ("principal, action, resource is Artefact", "unknown resource type `Artefact`", "`Artifact`"),
        ("principal is Usr, action, resource", "unknown principal type `Usr`", "`User`"),
        ('principal, action == Action::"query", resource is Artifact', "can never apply", "`Dataset`"),
        ('principal, action, resource == Artifact::"x"', "single resource", "`resource is Artifact`"),
        ('principal in User::"x", action, resource', "group", "groups.contains"),
    ],
)
def test_misspelt_heads_are_refused(head, says, hint):
    error = refusal(forbid("true", head=head))
    assert says in error.message
    assert hint in error.hint


def test_attributes_of_several_types_are_told_apart():
    assert "not valid" in refusal(forbid('resource.format == "gguf"', head="principal, action, resource")).message
    policy_of(PERMIT, forbid('resource is Artifact && resource.format == "gguf"', head="principal, action, resource"))


@pytest.mark.parametrize("missing", ["id", "severity", "reason", "remedy"])
def test_every_annotation_is_required(missing):
    lines = [line for line in PERMIT.split("\n") if not line.startswith(f"@{missing}(")]
    error = refusal("\n".join(lines))
    assert f"lacks `@{missing}`" in error.message
    assert f"@{missing}" in error.hint


@pytest.mark.parametrize(
    ("notes", "says", "hint"),
    [
        ('@reasn("x")', "unknown annotation `@reasn`", "`reason`"),
        ('@decision("dney")', "unknown decision `dney`", "`deny`"),
    ],
)
def test_misspelt_annotations_are_refused(notes, says, hint):
    error = refusal(forbid("true", notes=notes))
    assert says in error.message
    assert hint in error.hint


def test_severity_ids_and_duplicates():
    assert "unknown severity `hihg`" in refusal(forbid("true").replace('"high"', '"hihg"')).message
    assert "lower-case words" in refusal(forbid("true", rule="Not An Id")).message
    error = refusal(forbid("true"), forbid("false"))
    assert "used already" in error.message
    assert "small/rules.cedar:2" in error.hint
    assert "permits and has `@decision`" in refusal(PERMIT.replace("@sev", '@decision("deny") @sev')).message


def test_names_of_registries_are_checked_where_they_are_known():
    names = Names(formats={"gguf", "pickle"}, checks={"unsafe-import"}, stores={"ollama"})
    for condition, hint in (
        ('resource.format == "ggfu"', "`gguf`"),
        ('resource.checks.contains("unsafe-imprt")', "`unsafe-import`"),
        ('resource.stores.contains("olama")', "`ollama`"),
    ):
        assert hint in refusal(forbid(condition), names=names).hint
        policy_of(PERMIT, forbid(condition))
    policy_of(PERMIT, forbid('resource.format == "pickle"'), names=names)


def test_known_annotations_are_few():
    assert set(ANNOTATIONS) == {"id", "severity", "reason", "remedy", "clause", "control", "decision"}


@pytest.mark.parametrize("text", ["a\\u{1b}[2Jb", "a\\nb", "\\u{202e}a", "x" * 1001])
def test_texts_that_act_on_a_screen_are_refused(text):
    error = refusal(forbid("true", notes=f'@clause("{text}")'))
    assert "`@clause` with control characters, or longer than" in error.message


def test_a_long_condition_is_no_problem():
    policy_of(PERMIT, forbid(" && ".join(["resource.size > 1"] * 200)))


def test_patterns_on_open_texts_are_fine():
    policy_of(PERMIT, forbid('resource.name like "*Instruct*" && resource.license.concluded like "cc-by-*"'))
