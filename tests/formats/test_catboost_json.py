"""CatBoost models saved as JSON."""

import json

from weighbridge.formats.catboost_json import READER, recognize
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Damage, Malformed
from weighbridge.model.source import BytesSource

MODEL = json.dumps(
    {
        "features_info": {"float_features": [{"borders": [0.5], "feature_index": 0}]},
        "model_info": {"catboost_version_info": "1.2.10"},
        "oblivious_trees": [{"leaf_values": [0.1, 0.2]}],
    },
    indent=2,
).encode()


def test_model_is_read() -> None:
    source = BytesSource(MODEL)
    assert recognize(source, MODEL)
    reading = READER.read(source, Budget())
    assert reading.holds_model
    assert {fact.name: fact.value for fact in reading.facts}["producer.version"] == "1.2.10"
    assert reading.observations == ()


def test_other_json_is_not_a_model() -> None:
    for other in (b'{"features_info": 3}', b'{"features_info": {"a": 1}}', b'{"trees": []}'):
        assert not recognize(BytesSource(other), other)


def test_truncation_is_noted() -> None:
    observations = READER.read(BytesSource(MODEL[:-20]), Budget()).observations
    assert [noted.damage for noted in observations if isinstance(noted, Malformed)] == [Damage.TRUNCATED]
