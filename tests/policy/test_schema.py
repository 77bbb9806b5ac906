import json

import cedarpy
from tools.policy_packs import generated

from weighbridge.policy.attributes import nested
from weighbridge.policy.packs import BUILT_IN
from weighbridge.policy.schema import schema, schema_text
from weighbridge.policy.vocabulary import ENTITIES, ordinary


def test_what_is_committed_is_what_is_generated():
    for path, text in generated().items():
        assert path.read_text(encoding="utf-8") == text, f"run `python tools/policy_packs.py`: {path} differs"


def test_every_pack_has_the_schema():
    assert sum(path.name == "schema.cedarschema" for path in generated()) == len(BUILT_IN)


def test_cedar_reads_it_and_ordinary_entities_fit():
    for entity in ENTITIES:
        item = {"uid": {"type": entity.name, "id": "x"}, "attrs": nested(ordinary(entity.attributes)), "parents": []}
        cedarpy.Entities.from_json_str(json.dumps([item]), schema())


def test_dotted_paths_become_records():
    text = schema_text()
    assert '"license": {\n' in text
    assert '"parameters"?: Long,' in text
    assert "// One of: not-a-model, clean, review, incomplete, hostile, malicious." in text
