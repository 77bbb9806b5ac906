"""One glossary: the words that we do not use occur nowhere."""

from tests.house.files import relative, repository_files
from weighbridge.cli.glossary import BANNED

LOOKED_AT = (".py", ".md", ".toml", ".cedar", ".yaml", ".yml")
DEFINED_IN = (
    "src/weighbridge/cli/glossary.py",
    "src/weighbridge/formats/license_names.py",
    "src/weighbridge/hub/model_files.py",
    "LICENSE",
)
"""Where the words are defined, or names of files that other people spell so are matched."""


def test_banned_words_do_not_occur() -> None:
    found = []
    for path in repository_files():
        name = relative(path)
        if not name.startswith(
            ("src/", "docs/", "README", "ARCHITECTURE", "AGENTS", "CONTRIBUTING", "SECURITY", "tools/")
        ):
            continue
        if path.suffix not in LOOKED_AT or name in DEFINED_IN:
            continue
        text = path.read_text(encoding="utf-8").lower()
        found += [f"{name}: {word.strip()} (say {ours})" for word, ours in BANNED.items() if word in text]
    assert found == []
