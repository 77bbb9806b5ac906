import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
import xmlschema
from tests.export.intents import everything, hostile, ordinary, strict

from weighbridge.export.app_control import write
from weighbridge.export.intent import Intent

SPACE = "{urn:schemas-microsoft-com:sipolicy}"
ORDER = [
    *("VersionEx", "PlatformID", "Rules", "EKUs", "FileRules", "Signers", "SigningScenarios", "UpdatePolicySigners"),
    *("CiSigners", "HvciOptions", "BasePolicyID", "PolicyID"),
]
"""As Microsoft's published block rules have it."""
NAME = '<xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="{}"/></xs:restriction></xs:simpleType>'
SCHEMA = f"""\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:schemas-microsoft-com:sipolicy"
  xmlns="urn:schemas-microsoft-com:sipolicy" elementFormDefault="qualified">
  <xs:simpleType name="version"><xs:restriction base="xs:string">
    <xs:pattern value="[0-9]{{1,5}}(\\.[0-9]{{1,5}}){{3}}"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="guid"><xs:restriction base="xs:string">
    <xs:pattern value="\\{{[0-9A-F]{{8}}(-[0-9A-F]{{4}}){{3}}-[0-9A-F]{{12}}\\}}"/></xs:restriction></xs:simpleType>
  <xs:complexType name="empty"/>
  <xs:complexType name="file">
    <xs:attribute name="ID" use="required">{NAME.format("ID_(ALLOW|DENY)_[A-Z][A-Z0-9_]*")}</xs:attribute>
    <xs:attribute name="FriendlyName" type="xs:string"/>
    <xs:attribute name="FileName" type="xs:string"/>
    <xs:attribute name="FilePath" type="xs:string"/>
    <xs:attribute name="MinimumFileVersion" type="version"/>
    <xs:attribute name="MaximumFileVersion" type="version"/>
  </xs:complexType>
  <xs:element name="SiPolicy"><xs:complexType><xs:sequence>
    <xs:element name="VersionEx" type="version"/>
    <xs:element name="PlatformID" type="guid"/>
    <xs:element name="Rules"><xs:complexType><xs:sequence><xs:element name="Rule" maxOccurs="unbounded">
      <xs:complexType><xs:sequence><xs:element name="Option"><xs:simpleType><xs:restriction base="xs:string">
        <xs:enumeration value="Enabled:UMCI"/><xs:enumeration value="Enabled:Audit Mode"/>
        <xs:enumeration value="Enabled:Unsigned System Integrity Policy"/>
        <xs:enumeration value="Enabled:Update Policy No Reboot"/>
      </xs:restriction></xs:simpleType></xs:element></xs:sequence></xs:complexType>
    </xs:element></xs:sequence></xs:complexType></xs:element>
    <xs:element name="EKUs" type="empty"/>
    <xs:element name="FileRules"><xs:complexType><xs:choice maxOccurs="unbounded">
      <xs:element name="Allow" type="file"/><xs:element name="Deny" type="file"/>
    </xs:choice></xs:complexType></xs:element>
    <xs:element name="Signers" type="empty"/>
    <xs:element name="SigningScenarios"><xs:complexType><xs:sequence>
      <xs:element name="SigningScenario" minOccurs="2" maxOccurs="2"><xs:complexType><xs:sequence>
        <xs:element name="ProductSigners"><xs:complexType><xs:sequence>
          <xs:element name="FileRulesRef"><xs:complexType><xs:sequence>
            <xs:element name="FileRuleRef" maxOccurs="unbounded"><xs:complexType>
              <xs:attribute name="RuleID" type="xs:string" use="required"/></xs:complexType></xs:element>
          </xs:sequence></xs:complexType></xs:element>
        </xs:sequence></xs:complexType></xs:element></xs:sequence>
        <xs:attribute name="Value" type="xs:unsignedByte" use="required"/>
        <xs:attribute name="ID" use="required">{NAME.format("ID_SIGNINGSCENARIO_[A-Z0-9_]+")}</xs:attribute>
        <xs:attribute name="FriendlyName" type="xs:string"/>
      </xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
    <xs:element name="UpdatePolicySigners" type="empty"/>
    <xs:element name="CiSigners" type="empty"/>
    <xs:element name="HvciOptions" type="xs:unsignedInt"/>
    <xs:element name="BasePolicyID" type="guid"/>
    <xs:element name="PolicyID" type="guid"/>
  </xs:sequence><xs:attribute name="PolicyType" fixed="Base Policy"/></xs:complexType>
  </xs:element>
</xs:schema>
"""
"""Elements, their order, attributes and types of the parts that are used (Microsoft's published policies)."""
GUID = r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}"


def policy(intent: Intent) -> ElementTree.Element:
    (text,) = write(intent).values()
    return ElementTree.fromstring(text)


@pytest.mark.parametrize("intent", [strict(), hostile(), everything()])
def test_the_policy_is_built_as_published_ones_are(intent: Intent) -> None:
    root = policy(intent)
    assert root.tag == f"{SPACE}SiPolicy"
    assert [part.tag.removeprefix(SPACE) for part in root] == ORDER
    rules = {one.get("ID", ""): one for one in root.iter() if one.tag in (f"{SPACE}Allow", f"{SPACE}Deny")}
    assert all(re.fullmatch(r"ID_(ALLOW|DENY)_[A-Z0-9_]+", name) for name in rules)
    for one in rules.values():
        named = {"FileName", "FilePath", "Hash"} & set(one.attrib)
        assert len(named) == 1
        assert (one.get("FriendlyName") or "").isprintable()
    scenarios = {one.get("Value"): one for one in root.iter(f"{SPACE}SigningScenario")}
    assert set(scenarios) == {"131", "12"}
    used = {one.get("RuleID") for one in scenarios["12"].iter(f"{SPACE}FileRuleRef")}
    assert used == set(rules), "a rule that no scenario names has no effect, and a name without a rule is refused"
    for name in ("PolicyID", "BasePolicyID"):
        assert re.fullmatch(GUID, root.findtext(f"{SPACE}{name}") or "")


def test_the_policy_fits_a_schema_of_its_parts() -> None:
    schema = xmlschema.XMLSchema(SCHEMA)
    for intent in (strict(), hostile(), everything(), replace(strict(), enforced=False)):
        schema.validate(next(iter(write(intent).values())))
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate(next(iter(write(strict()).values())).replace("<Signers />", ""))


def test_everything_that_is_not_denied_is_allowed() -> None:
    (allowed,) = policy(strict()).iter(f"{SPACE}Allow")
    assert allowed.get("FileName") == "*"


def test_paths_come_before_names() -> None:
    denies = list(policy(strict()).iter(f"{SPACE}Deny"))
    assert denies[0].get("FilePath") == "*\\Programs\\Ollama\\*"
    assert {one.get("FileName") for one in denies} == {None, "ollama.exe", "ollama app.exe"}


def test_observing_is_audit_mode() -> None:
    def options(intent: Intent) -> set[str | None]:
        return {one.text for one in policy(intent).iter(f"{SPACE}Option")}

    assert "Enabled:Audit Mode" not in options(strict())
    assert "Enabled:Audit Mode" in options(replace(strict(), enforced=False))


def test_digests_that_cannot_be_rules_are_named() -> None:
    intent = strict()
    (text,) = write(replace(intent, blocked=tuple(replace(one, format="llamafile") for one in intent.blocked))).values()
    assert "Authenticode hash is not known: " + "ab" * 32 in text


def test_without_a_denied_product_there_is_no_policy() -> None:
    assert write(ordinary()[0]) == {}
