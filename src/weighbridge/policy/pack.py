"""A policy: a folder of texts, read once and checked as a whole.

In: the files of the folder as bytes, by relative path with `/`. Out: a `Policy`. Forbidden: reading files; the
caller does that. Expected: `policy.yaml`, one or more `*.cedar`, optionally `schema.cedarschema` and `tests/*.yaml`.
"""

from collections.abc import Mapping

from weighbridge.model.errors import WeighbridgeError
from weighbridge.policy.nearest import nearest
from weighbridge.policy.policy import Policy, assembled
from weighbridge.policy.rules import read_rules
from weighbridge.policy.schema import SCHEMA_FILE, schema_text
from weighbridge.policy.settings import SETTINGS_FILE
from weighbridge.policy.settings_file import read_settings
from weighbridge.policy.validate import Names, validate

TESTS_FOLDER = "tests/"
MOST_FILES = 500


def is_wanted(path: str) -> bool:
    """Tell whether the file at `path`, relative to the policy folder with `/`, belongs to a policy."""
    if path in (SETTINGS_FILE, SCHEMA_FILE):
        return True
    if "/" not in path:
        return path.endswith(".cedar")
    folder, _, name = path.rpartition("/")
    return f"{folder}/" == TESTS_FOLDER and name.endswith((".yaml", ".yml"))


def read_policy(files: Mapping[str, bytes], folder: str, names: Names | None = None) -> Policy:
    """Return the policy in `files`. Raises `WeighbridgeError` naming file, line and rule for what is wrong.

    Args:
        files: content by path relative to the folder, with `/`.
        folder: what to call the folder in messages.
        names: ids from the registries, to catch misspelt formats, checks and stores.
    """
    prefix = folder.rstrip("/") + "/" if folder else ""
    if not files:
        raise WeighbridgeError(
            "E-policy-empty", f"{folder} holds no policy.", "A policy has a policy.yaml and at least one .cedar file."
        )
    if SETTINGS_FILE not in files:
        like = nearest(SETTINGS_FILE, [path for path in files if "/" not in path])
        hint = f"Rename {like}?" if like and like.lower() in ("policy.yml", "policies.yaml") else _begin(folder)
        raise WeighbridgeError("E-policy-missing", f"{folder} has no {SETTINGS_FILE}.", hint)
    settings = read_settings(prefix + SETTINGS_FILE, files[SETTINGS_FILE], names.stores if names else None)
    rule_files = sorted(path for path in files if path.endswith(".cedar") and "/" not in path)
    rules = tuple(rule for path in rule_files for rule in read_rules(prefix + path, files[path]))
    if not rules:
        raise WeighbridgeError("E-policy-empty", f"{folder} has no rule in any .cedar file.", _begin(folder))
    validate(rules, names)
    _schema(prefix, files)
    tests = tuple((prefix + path, files[path]) for path in sorted(files) if path.startswith(TESTS_FOLDER))
    return assembled(settings, rules, tests)


def _schema(prefix: str, files: Mapping[str, bytes]) -> None:
    """A schema beside the rules is for editors; if it is there it must be the one that rules are checked by."""
    content = files.get(SCHEMA_FILE)
    if content is not None and content.replace(b"\r\n", b"\n") != schema_text().encode():
        raise WeighbridgeError(
            "E-policy-schema",
            f"{prefix}{SCHEMA_FILE} is not the schema of this version of Weighbridge.",
            "Write it anew: `wb policy show --schema > schema.cedarschema`.",
        )


def _begin(folder: str) -> str:
    return f"Start from a shipped pack: `wb policy show balanced --write {folder or 'policy'}`."
