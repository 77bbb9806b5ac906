import json

import pytest
from tests.sync.policy_server import policy_files

from weighbridge.policy.pack import read_policy
from weighbridge.sync.policy_bundle import LARGEST_BUNDLE, files_of, packed, unpacked


def test_a_policy_comes_back_as_it_went():
    files = policy_files()
    bundle = unpacked(packed(7, files))
    assert bundle.number == 7
    assert files_of(bundle) == files
    assert read_policy(files_of(bundle), "fleet").title == read_policy(files, "fleet").title


def test_the_same_files_give_the_same_bytes():
    files = policy_files()
    assert packed(7, files) == packed(7, dict(reversed(files.items())))
    assert packed(7, files) != packed(8, files)


@pytest.mark.parametrize(
    "path",
    ["../policy.yaml", "/etc/passwd", "tests/../../x.yaml", "a\\b.cedar", "x\n.cedar", "sub/rules.cedar", "run.sh", ""],
)
def test_no_path_but_those_of_a_policy(path):
    with pytest.raises(ValueError, match="a policy has no file"):
        packed(1, policy_files() | {path: b""})
    text = json.dumps({"schema": "weighbridge.policy-bundle/1", "number": 1, "files": {path: ""}})
    with pytest.raises(ValueError, match="a policy has no file"):
        unpacked(text.encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"null",
        b'{"schema":"weighbridge.policy-bundle/2","number":1,"files":{}}',
        b'{"schema":"weighbridge.policy-bundle/1","number":0,"files":{}}',
        b'{"schema":"weighbridge.policy-bundle/1","number":1,"files":{},"run":"x"}',
        b'{"schema":"weighbridge.policy-bundle/1","number":1,"files":{"policy.yaml":["x"]}}',
        b" " * (LARGEST_BUNDLE + 1),
    ],
)
def test_what_is_none_is_refused(content):
    with pytest.raises(ValueError):
        unpacked(content)


def test_what_is_no_text_and_what_is_too_much_is_refused():
    with pytest.raises(ValueError, match="no text"):
        packed(1, {"policy.yaml": b"\xff"})
    with pytest.raises(ValueError, match="more than 4 MB"):
        packed(1, {"policy.yaml": b"a" * (LARGEST_BUNDLE + 1)})
    with pytest.raises(ValueError, match="more than 500 files"):
        packed(1, {f"{number}.cedar": b"" for number in range(501)})
