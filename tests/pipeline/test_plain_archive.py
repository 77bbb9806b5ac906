from weighbridge.model.observation import ArchiveAnomaly, Damage, Escape, Excess, Malformed, OutsideReference, Unread
from weighbridge.pipeline.plain_archive import without_models


def left(*observations):
    return without_models(observations, lambda name: name.endswith(b".gguf"))


def test_ordinary_oddities_are_dropped():
    link = OutsideReference(escape=Escape.SYMBOLIC_LINK, target="/x", member="bin/python")
    assert left(ArchiveAnomaly(kind="duplicate-member", detail="", member="LICENSE"), link) == []


def test_what_names_a_model_stays():
    link = OutsideReference(escape=Escape.SYMBOLIC_LINK, target="/x", member="m.gguf")
    assert left(link) == [link]


def test_attacks_and_gaps_stay():
    kept = [
        OutsideReference(escape=Escape.PARENT_PATH, target="../x", member="../x"),
        Excess(what="expanded bytes", limit=1),
        Unread(what="a", reason="encrypted"),
    ]
    assert left(*kept) == kept


def test_damage_becomes_a_gap():
    [gap] = left(Malformed(damage=Damage.INVALID, reason="no header", offset=3))
    assert gap == Unread(what="content", reason="no header", offset=3)
