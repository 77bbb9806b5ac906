from tests.samples.lineage_models import as_gguf, grafted, model

from weighbridge.cli.lineage_words import atlas_lines, comparison_lines
from weighbridge.lineage.sketch import sketch
from weighbridge.model.source import BytesSource
from weighbridge.pipeline.atlas import Entries
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


def test_an_empty_atlas_says_how_to_fill_it():
    assert "wb lineage add FILE" in atlas_lines(Entries(models=()))[0]
