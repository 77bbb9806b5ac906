from tests.samples.lineage_models import as_gguf, grafted, model

from weighbridge.cli.lineage_words import atlas_lines, comparison_lines
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.atlas import Entries, Known
from weighbridge.pipeline.relatives import relatives


def made(weights):
    return sketch([BytesSource(as_gguf(weights))])


def test_grafted_matrices_are_named_a_few_only_and_names_are_escaped():
    sketches = [("a\x1b[31m", made(grafted(model(1), model(2), range(2)))), ("b", made(model(1)))]
    lines = comparison_lines(sketches, relatives(sketches, ()))
    assert "\x1b" not in "\n".join(lines)
    assert "grafted" in lines[0]
    assert lines[2].startswith("    alike: blk.2.attn_k.weight, ")
    assert lines[2].endswith(" and 8 more")


def test_strangers_of_a_large_atlas_are_counted():
    known = tuple(
        Known(name=f"known {number}", license=None, sha256=None, path=b"/x", sketch=made(model(number)))
        for number in range(1, 7)
    )
    lines = comparison_lines((one := [("a", made(model(1)))]), relatives(one, known))
    assert lines[0].startswith("= a and known 1 (atlas): same weights")
    assert "· a: no likeness found with 5 models of the atlas" in lines
    assert not any("known 2" in line for line in lines)
    assert lines[-1].startswith("No likeness found does not mean independent")
    few = comparison_lines(one, relatives(one, known[:4]))
    assert any("known 2" in line for line in few)


def test_an_empty_atlas_says_how_to_fill_it():
    assert "wb lineage add FILE" in atlas_lines(Entries(models=()))[0]
