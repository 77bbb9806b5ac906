"""PMML: predictive models as XML.

Source: DMG "PMML 4.4.1" (root `PMML`, `Header`, model elements, `Extension`, `DefineFunction`). Extensions may hold
anything, also scripts for one vendor's engine.
"""

import re

from weighbridge.formats.gathering import Gathering, gathered
from weighbridge.formats.reader import Reader
from weighbridge.formats.references import escape_of
from weighbridge.formats.xml_events import BEGINNINGS, root_name, starts_xml, walk
from weighbridge.model.budget import Budget
from weighbridge.model.observation import EmbeddedCode, GraphOperator, OutsideReference
from weighbridge.model.source import ByteSource

_MODEL = re.compile(r"[A-Z][A-Za-z]{1,40}(?:Model|Network)|Scorecard|RuleSetModel")
_SCRIPT = re.compile(
    r"\b(?:Runtime\.getRuntime|ProcessBuilder|java\.lang\.|javax?\.script|eval\s{0,4}\(|exec\s{0,4}\(|os\.system|"
    r"subprocess|__import__|importPackage|Packages\.|require\s{0,4}\(|ScriptEngine|groovy|cmd\.exe|/bin/sh)"
)
_SCRIPT_ELEMENTS = frozenset({"script", "Script", "JavaScript", "Python", "Groovy", "scriptlet"})
_PATHS = frozenset({"href", "src", "url", "location", "file", "system", "schemaLocation"})


def could_be(head: bytes) -> bool:
    """Tell whether XML begins here that mentions PMML."""
    return starts_xml(head) and (b"PMML" in head or b"P\0M\0M\0L" in head)


def recognize(source: ByteSource, head: bytes) -> bool:
    """Tell whether the root element is `PMML`."""
    return could_be(head) and root_name(source, head) == "PMML"


def _read(source: ByteSource, budget: Budget, gathering: Gathering) -> None:
    def start(name: str, attributes: dict[str, str], around: tuple[str, ...]) -> None:
        if name == "PMML":
            gathering.fact("format_version", attributes.get("version"), "PMML version")
        elif name == "Application":
            gathering.fact("producer", attributes.get("name"), "Header Application")
            gathering.fact("producer.version", attributes.get("version"), "Header Application")
        elif name == "Header":
            gathering.fact("author", attributes.get("copyright"), "Header copyright")
            gathering.fact("description", attributes.get("description"), "Header description")
        elif around == ("PMML",) and _MODEL.fullmatch(name):
            gathering.fact("architecture", name, "model element")
            gathering.fact("name", attributes.get("modelName"), "modelName")
        if name in _SCRIPT_ELEMENTS:
            gathering.observe(GraphOperator(framework="pmml", domain="extension", name=name, key="/".join(around)))
        for key, value in attributes.items():
            if key in _PATHS and escape_of(value) is not None and not value.startswith(("http://www.dmg.org", "#")):
                escape = escape_of(value)
                if escape is not None:
                    gathering.observe(OutsideReference(escape=escape, target=value[:400], key=f"{name}.{key}"))
            elif (name == "Extension" or "Extension" in around) and _SCRIPT.search(value[:20_000]):
                _script(value, f"{name}.{key}", gathering)

    def text(data: str, around: tuple[str, ...]) -> None:
        if ("Extension" in around or _SCRIPT_ELEMENTS & set(around)) and _SCRIPT.search(data[:100_000]):
            _script(data, "/".join(around), gathering)

    walk(source, gathering, start, text)


def _script(content: str, key: str, gathering: Gathering) -> None:
    shown = " ".join(content.split())[:120]
    gathering.observe(EmbeddedCode(kind="script", description=f"a script in an extension: {shown}", key=key[:200]))


READER = Reader(
    id="pmml",
    title="PMML",
    recognize=recognize,
    read=gathered("pmml", _read),
    could_be=could_be,
    begins=BEGINNINGS,
    suffixes=(".pmml",),
)
