"""Shapes of outputs that build systems read, in the parts that are written here; anything else is refused.

Sources: OASIS SARIF 2.1.0 (properties of sections 3.13 to 3.58); GitLab documentation "Code Quality report format";
JUnit XML as Jenkins and GitLab read it (testsuites, testsuite, testcase, failure, error).
"""

from typing import Any
from xml.etree import ElementTree

import jsonschema

Schema = dict[str, Any]


def _object(required: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _array(items: Schema, **more: object) -> Schema:
    return {"type": "array", "items": items, **more}


_TEXT: Schema = {"type": "string", "minLength": 1}
_BAG: Schema = {"type": "object"}
_MESSAGE = _object("text", text=_TEXT)
_COUNT: Schema = {"type": "integer", "minimum": 0}
_LOCATION = _object(
    "physicalLocation",
    physicalLocation=_object(
        "artifactLocation region",
        artifactLocation=_object("uri", uri={"type": "string", "pattern": r"^file:///[!-~]*$"}),
        region=_object("startLine", startLine={"const": 1}, byteOffset=_COUNT, byteLength=_COUNT),
    ),
    logicalLocations=_array(_object("fullyQualifiedName kind", fullyQualifiedName=_TEXT, kind=_TEXT)),
)
_LEVEL: Schema = {"enum": ["none", "note", "warning", "error"]}
_RULE = _object("id shortDescription", id=_TEXT, name=_TEXT, shortDescription=_MESSAGE, help=_MESSAGE, properties=_BAG)
SARIF = _object(
    "version runs",
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs=_array(
        _object(
            "tool results",
            tool=_object(
                "driver",
                driver=_object(
                    "name version rules",
                    name=_TEXT,
                    version=_TEXT,
                    semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                    rules=_array(_RULE, uniqueItems=True),
                ),
            ),
            invocations=_array(
                _object(
                    "executionSuccessful",
                    executionSuccessful={"type": "boolean"},
                    endTimeUtc={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"},
                    toolExecutionNotifications=_array(
                        _object("message", level=_LEVEL, message=_MESSAGE, locations=_array(_LOCATION))
                    ),
                    properties=_BAG,
                )
            ),
            results=_array(
                _object(
                    "ruleId ruleIndex level message locations partialFingerprints",
                    ruleId=_TEXT,
                    ruleIndex=_COUNT,
                    level=_LEVEL,
                    message=_MESSAGE,
                    locations=_array(_LOCATION, minItems=1, maxItems=1),
                    partialFingerprints={"type": "object", "additionalProperties": _TEXT, "minProperties": 1},
                    properties=_BAG,
                )
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        ),
        minItems=1,
    ),
)
GITLAB = _array(
    _object(
        "description check_name fingerprint severity location",
        description=_TEXT,
        check_name=_TEXT,
        fingerprint={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=_object(
            "path lines",
            path={"type": "string", "minLength": 1, "not": {"pattern": r"^(\./|\.\./)"}},
            lines=_object("begin", begin={"type": "integer", "minimum": 1}),
        ),
    )
)


def check_sarif(log: Any) -> None:
    """Raise if `log` is not of the shape, or a rule index names another rule."""
    jsonschema.validate(log, SARIF)
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def check_gitlab(report: Any) -> None:
    """Raise if `report` is not of the shape, or two entries have one fingerprint: GitLab drops the second."""
    jsonschema.validate(report, GITLAB)
    assert len({entry["fingerprint"] for entry in report}) == len(report)


def check_junit(text: str) -> ElementTree.Element:
    """Return the only suite; raise if the document is not of the shape or its counts are wrong."""
    root = ElementTree.fromstring(text)
    assert (root.tag, root.attrib, len(root)) == ("testsuites", {}, 1)
    suite = root[0]
    assert suite.tag == "testsuite"
    assert set(suite.attrib) == {"name", "tests", "failures", "errors"}
    found = {"failure": 0, "error": 0}
    for case in suite:
        assert case.tag == "testcase"
        assert set(case.attrib) == {"classname", "name"}
        assert all(case.attrib.values())
        assert len(case) <= 1
        for inner in case:
            assert set(inner.attrib) == {"message", "type"}
            assert len(inner) == 0
            found[inner.tag] += 1
    assert (len(suite), found["failure"], found["error"]) == tuple(
        int(suite.attrib[name]) for name in ("tests", "failures", "errors")
    )
    return suite
