"""What a license text is about: the model, the code beside it, how it may be used, or who must be named."""

import re
from enum import StrEnum

from weighbridge.model.license import LicenseText

_CODE = re.compile(
    r"(?i)licen[cs]e[-_. ]?(?:code|source|software|3rd|third)|(?:code|third[-_ ]?party)[-_. ]?licen[cs]es?\b"
)
_DATA = re.compile(r"(?i)licen[cs]e[-_. ]?(?:data|dataset)\b|(?:data|dataset)[-_. ]?licen[cs]e\b")
_MODEL = re.compile(r"(?i)licen[cs]e[-_. ]?(?:model|weights?)\b|(?:model|weights?)[-_. ]?licen[cs]e\b")
_POLICY = re.compile(
    r"(?i)\b(?:acceptable|allowed|forbidden|permitted|prohibited|responsible|restricted)[-_. ]us(?:es?|age)(?![a-z])"
    r"|(?<![a-z])us(?:es?|age)[-_. ](?:conditions|guidelines|limitations|polic(?:y|ies)|restrictions)\b"
    r"|(?<![a-z])aup\b"
)
_NOTICE = re.compile(r"(?i)\Anotice\b")
_TITLE_SEARCH = 2000
_LONGEST = 200


class TextRole(StrEnum):
    """What the text governs."""

    MODEL = "model"
    WEIGHTS = "weights"
    """Says by its name that it is the weights' license: a plain LICENSE beside it is the code's."""
    CODE = "code"
    POLICY = "policy"
    NOTICE = "notice"


def role_of(text: LicenseText) -> TextRole:
    """Return what `text` is about, by the name of its file and, for use policies in stores, its title."""
    name = text.source[:_LONGEST]
    if _MODEL.search(name):
        return TextRole.WEIGHTS
    if _CODE.search(name) or _DATA.search(name):
        return TextRole.CODE
    if _NOTICE.match(name.rpartition("/")[2]):
        return TextRole.NOTICE
    if _POLICY.search(name) or _POLICY.search(title(text.text)):
        return TextRole.POLICY
    return TextRole.MODEL


def title(text: str) -> str:
    """Return the first line that says something; license texts begin with their name."""
    for line in text[:_TITLE_SEARCH].splitlines():
        words = line.strip(" \t#*=-<>/")
        if words:
            return words[:_LONGEST]
    return "license text without a title"
