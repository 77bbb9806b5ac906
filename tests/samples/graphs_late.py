"""Cases of formats that have few: programs of torch.export, CatBoost as JSON."""

import json

from tests.samples.case import HARD, NOT_CLEAN, Case
from tests.samples.torch_files import EVIL, archive, torch_zip

_PLAIN = {
    "exported/archive_format": b"pt2",
    "exported/models/model.json": b'{"graph_module": {}}',
    "exported/data/weights/weight_0": bytes(16),
}
_TREES = {
    "features_info": {"float_features": [{"borders": [0.5], "feature_index": 0}]},
    "oblivious_trees": [{"leaf_values": [0.1, 0.2], "splits": []}],
}


def _export(**more: bytes) -> dict[str, bytes]:
    return {"model.pt2": archive(_PLAIN | {name.replace("__", "/"): content for name, content in more.items()})}


EVASIONS: tuple[Case, ...] = (
    Case(
        id="torch-export/pickle-in-sample-inputs",
        build=lambda: _export(**{"exported__data__sample_inputs__model.pt": torch_zip(EVIL)}),
        subject="model.pt2",
        expect=HARD,
        lesson="sample inputs of an exported program are unpickled",
    ),
    Case(
        id="torch-export/compiled-code",
        build=lambda: _export(**{"exported__data__aotinductor__model__code.so": b"\x7fELF" + bytes(60)}),
        subject="model.pt2",
        expect=NOT_CLEAN,
        lesson="AOTInductor packages are called as native code",
    ),
)
BENIGN: tuple[Case, ...] = (
    Case(id="torch-export/plain", build=_export, subject="model.pt2", expect=frozenset({"clean", "review"})),
    Case(
        id="catboost-json/plain",
        build=lambda: {"model.json": json.dumps(_TREES).encode()},
        subject="model.json",
        expect=frozenset({"clean"}),
    ),
)
