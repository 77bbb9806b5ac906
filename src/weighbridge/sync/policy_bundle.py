"""A policy folder as one text, so that one digest and one signature cover all of it. Pure.

Nothing in it is ever unpacked into files: whoever holds the text reads the policy out of it.
"""

from collections.abc import Mapping

import msgspec

from weighbridge.ledger.canonical import canonical

SCHEMA = "weighbridge.policy-bundle/1"
LARGEST_BUNDLE = 4 << 20
"""Bytes of the text."""
_LONGEST_PATH = 200


class Bundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy that has a number."""

    schema: str
    number: int
    """Of this policy in its fleet; it only ever grows, whatever the version in policy.yaml says."""
    files: dict[str, str]
    """Text by path relative to the folder."""


def packed(number: int, files: Mapping[str, bytes]) -> bytes:
    """Return the files of a policy folder as one text: the same files give the same bytes everywhere.

    Raises:
        ValueError: they do not make one; with a reason for a person.
    """
    texts = {}
    for path, content in files.items():
        try:
            texts[path] = content.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError(f"{path} is no text in UTF-8") from None
    bundle = Bundle(schema=SCHEMA, number=number, files=texts)
    _check(bundle)
    content = canonical(msgspec.to_builtins(bundle))
    if len(content) > LARGEST_BUNDLE:
        raise ValueError(f"the policy has more than {LARGEST_BUNDLE >> 20} MB")
    return content


def unpacked(content: bytes) -> Bundle:
    """Return the policy in a text. Raises ValueError with a reason for a person: it is none."""
    if len(content) > LARGEST_BUNDLE:
        raise ValueError(f"the policy has more than {LARGEST_BUNDLE >> 20} MB")
    try:
        bundle = msgspec.json.decode(content, type=Bundle)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"the text is no policy: {str(error)[:150]}") from None
    _check(bundle)
    return bundle


def files_of(bundle: Bundle) -> dict[str, bytes]:
    """Return the files of a policy folder by relative path, as `policy.pack.read_policy` takes them."""
    return {path: text.encode("utf-8", "surrogatepass") for path, text in bundle.files.items()}


def _check(bundle: Bundle) -> None:
    # Loads the policy engine, which whoever sends to a fleet without policies does not need.
    from weighbridge.policy.pack import MOST_FILES, is_wanted

    if bundle.schema != SCHEMA:
        raise ValueError(f"the text is no {SCHEMA}")
    if not 0 < bundle.number < 1 << 53:
        raise ValueError("the number of the policy is no positive number")
    if len(bundle.files) > MOST_FILES:
        raise ValueError(f"the policy has more than {MOST_FILES} files")
    for path in bundle.files:
        if len(path) > _LONGEST_PATH or not path.isprintable() or "\\" in path or not is_wanted(path):
            raise ValueError(f"a policy has no file {path[:60]!r}")
