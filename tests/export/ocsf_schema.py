"""The classes and objects of OCSF 1.8.0 that are used, as a JSON schema: which fields there are and which are required.

Written from the published field lists (events/, objects/ and profiles/ of the schema at version 1.8.0).
"""

from typing import Any

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
TRUTH = {"type": "boolean"}
TEXTS = {"type": "array", "items": TEXT}


def fields(required: str, **properties: Any) -> dict[str, Any]:
    """Return an object with these fields and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
        "minProperties": 1,
    }


FINGERPRINT = fields("algorithm_id value", algorithm=TEXT, algorithm_id={"enum": [*range(21), 99]}, value=TEXT)
FILE = fields(
    "name type_id",
    name=TEXT,
    path=TEXT,
    size=NUMBER,
    type=TEXT,
    type_id={"enum": [*range(9), 99]},
    hashes={"type": "array", "items": FINGERPRINT},
)
USER = fields("", name=TEXT, uid=TEXT)
PARENT = fields("", pid=NUMBER, name=TEXT)
PROCESS = fields("", pid=NUMBER, name=TEXT, cmd_line=TEXT, file=FILE, user=USER, parent_process=PARENT)
ACTOR = fields("", process=PROCESS, user=USER, app_name=TEXT, app_uid=TEXT)
BASE = {
    "activity_id": NUMBER,
    "activity_name": TEXT,
    "category_name": TEXT,
    "category_uid": NUMBER,
    "class_name": TEXT,
    "class_uid": NUMBER,
    "device": fields("type_id", hostname=TEXT, type=TEXT, type_id={"enum": [*range(16), 99]}),
    "message": TEXT,
    "raw_data": TEXT,
    "metadata": fields(
        "product version",
        version={"const": "1.8.0"},
        uid=TEXT,
        product=fields("", name=TEXT, vendor_name=TEXT, version=TEXT),
        profiles={"type": "array", "items": {"enum": ["host", "security_control", "ai_operation"]}},
        log_name=TEXT,
        original_time=TEXT,
        sequence=NUMBER,
    ),
    "severity": TEXT,
    "severity_id": {"enum": [0, 1, 2, 3, 4, 5, 6, 99]},
    "time": NUMBER,
    "type_name": TEXT,
    "type_uid": NUMBER,
    "unmapped": {"type": "object"},
    # Profile security_control.
    "action": TEXT,
    "action_id": {"enum": [0, 1, 2, 3, 4, 99]},
    "policy": fields("", name=TEXT, uid=TEXT, desc=TEXT, version=TEXT),
}
REQUIRED = "activity_id category_uid class_uid metadata severity_id time type_uid"
CLASSES: dict[int, dict[str, Any]] = {
    0: fields(REQUIRED, **BASE),
    1007: fields(
        f"{REQUIRED} actor device process",
        **BASE,
        actor=ACTOR,
        process=PROCESS,
        ai_model=fields("ai_provider name", name=TEXT, ai_provider=TEXT, version=TEXT, uid=TEXT),
    ),
    2004: fields(
        f"{REQUIRED} finding_info",
        **BASE,
        finding_info=fields(
            "uid",
            uid=TEXT,
            title=TEXT,
            desc=TEXT,
            types=TEXTS,
            analytic=fields("type_id", type_id={"enum": [*range(12), 99]}, type=TEXT, name=TEXT, uid=TEXT),
            attacks={"type": "array", "items": fields("technique", technique=fields("", uid=TEXT), version=TEXT)},
        ),
        evidences={"type": "array", "items": fields("", file=FILE, process=PROCESS)},
        remediation=fields("desc", desc=TEXT),
        confidence_id={"enum": [0, 1, 2, 3, 99]},
        is_alert=TRUTH,
    ),
    5020: fields(
        f"{REQUIRED} device",
        **BASE,
        package=fields(
            "name version",
            name=TEXT,
            version=TEXT,
            type=TEXT,
            type_id={"enum": [0, 1, 2, 99]},
            license=TEXT,
            hash=FINGERPRINT,
            uid=TEXT,
        ),
    ),
}
CATEGORIES = {0: 0, 1007: 1, 2004: 2, 5020: 5}
ACTIVITIES = {0: {0, 99}, 1007: {0, 1, 2, 3, 4, 5, 99}, 2004: {0, 1, 2, 3, 99}, 5020: {0, 1, 2, 99}}
