from weighbridge.model.ancestry import Ancestor, Relation
from weighbridge.model.fact import Grade
from weighbridge.report.ancestry_words import MOST, ancestor_words, ancestry_words

MEASURED = Ancestor(
    name="Org/Base\x1b[31m",
    relation=Relation.MERGED,
    grade=Grade.MEASURED,
    source="lineage atlas",
    license="cc-by-nc-4.0",
    detail="share 0.70 of 2 parents",
)
DECLARED = Ancestor(name="Org/A", relation=Relation.QUANTIZED, grade=Grade.DECLARED, source="model card")


def test_what_is_known_stands_in_one_line():
    assert ancestor_words(MEASURED).endswith("(cc-by-nc-4.0), measured: share 0.70 of 2 parents")
    assert ancestor_words(MEASURED).startswith("merged from Org/Base")
    assert "\x1b" not in ancestor_words(MEASURED)
    assert ancestor_words(DECLARED) == "quantized from Org/A, declared: model card"


def test_every_relation_has_words_and_long_lists_are_cut():
    for relation in Relation:
        assert ancestor_words(Ancestor(name="x", relation=relation, grade=Grade.DECLARED, source=""))
    lines = ancestry_words([DECLARED] * (MOST + 3))
    assert len(lines) == MOST + 1
    assert lines[-1] == "and 3 more"
