"""Names of files that state terms: licenses, agreements, terms and policies of use.

In: the name of a file, without its folder. Out: yes or no. Publishers name them as they like, so single words of the
name count; letters of other alphabets that look like Latin ones are read as those (Unicode Technical Standard 39).
"""

import re
import unicodedata

_FIRST = re.compile(r"\.?(?:un)?licenses?(?:[-_. ](?!plate).{0,40})?|(?:copying|notice)(?:\..{1,8})?")
_TELLING = ("licen", "copying", "notice", "use", "usage", "terms", "eula", "aup", "agreement", "commercial", "policy")
_WORDS = re.compile(r"[a-z]+")
_LICENSES = frozenset({"eula", "license", "licenses", "licensing", "noncommercial", "unlicense"})
_ALONE = frozenset({"agreement", "aup", "terms"})
_USE = frozenset({"usage", "use", "uses"})
_RULES = frozenset({
    "acceptable", "allowed", "conditions", "forbidden", "guidelines", "limitations", "permitted", "policies", "policy",
    "prohibited", "responsible", "restricted", "restrictions", "terms",
})  # fmt: skip
_TEXTS = frozenset({"", "doc", "docx", "htm", "html", "markdown", "md", "odt", "pdf", "rst", "rtf", "tex", "txt"})
_CODE = (".py", ".json", ".js", ".png")
_DATA = frozenset({"license.json", "licence.json", ".license.json", "license_agreement.json", "model_license.json"})
"""Of what ends as data and programs do, the names that are a license's all the same."""
_FOLDERS = frozenset({b"legal", b"license", b"licenses"})
_LONGEST = 120
_LOOKS_LIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u04bb\u03bf\u03b1\u03bd\u0131\u043a\u043c\u0442\u043d\u03b9",
    "aeopcyxishoavikmthi",
)


def is_license_name(name: bytes) -> bool:
    """Tell whether a file of this name states the terms of what lies beside it."""
    if len(name) > _LONGEST:
        return False
    text = name.lower().decode("utf-8", "replace")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold().translate(_LOOKS_LIKE)
    # Nearly all names hold none of these; the patterns are not even tried for them.
    if not any(part in text for part in _TELLING):
        return False
    if text.endswith(_CODE):
        return text in _DATA
    text = text.replace("licenc", "licens")
    if _FIRST.fullmatch(text):
        return True
    stem, dot, ending = text.rpartition(".")
    if not dot:
        stem, ending = ending, ""
    words = set(_WORDS.findall(stem))
    if ending not in _TEXTS or "plate" in words:
        return False
    policy = bool(words & _USE) and bool(words & _RULES)
    return policy or bool(words & _LICENSES) or words <= _ALONE | {"user", "model"} or {"non", "commercial"} <= words


def is_license_folder(name: bytes) -> bool:
    """Tell whether a folder of this name holds the license texts of the folder that it lies in."""
    return name.lower().replace(b"licenc", b"licens") in _FOLDERS
