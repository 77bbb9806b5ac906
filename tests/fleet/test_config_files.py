import pytest
from tests.fleet.config_kit import WHOLE

from weighbridge.fleet.config_files import MOST_FILES, read_files
from weighbridge.fleet.config_registry import SECTIONS
from weighbridge.model.errors import WeighbridgeError


def read(*texts):
    return read_files({f"{number}.yaml": text.encode() for number, text in enumerate(texts)})


def refused(*texts):
    with pytest.raises(WeighbridgeError) as raised:
        read(*texts)
    assert raised.value.code == "E-config"
    assert "wb policy" not in raised.value.hint
    return raised.value


def test_items_come_in_the_order_of_sections_with_their_places():
    files = read("accounts:\n  - {name: b, role: viewer}\n", "groups:\n  - name: x\n  - name: y\n", "", "# nothing\n")
    assert [(one.section.name, one.key, one.source) for one in files.items] == [
        ("groups", "x", "1.yaml:2"),
        ("groups", "y", "1.yaml:3"),
        ("accounts", "b", "0.yaml:2"),
    ]
    assert files.sections == {"groups", "accounts"}


def test_a_section_may_be_spread_over_files_and_may_be_empty():
    files = read("groups:\n  - name: x\n", "groups:\n  - name: y\nrepositories: []\n")
    assert [one.key for one in files.items] == ["x", "y"]
    assert files.sections == {"groups", "repositories"}


def test_every_section_can_be_read():
    named = read(WHOLE).sections
    assert set(SECTIONS) - named <= {"targets", "views"}


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("group:\n  - name: x\n", "0.yaml:1 has the unknown key `group`", "did you mean `groups`?"),
        ("groups:\n  - name: x\n    rul: y\n", "0.yaml:3 has the unknown key `rul`", "did you mean `rule`?"),
        ("settings:\n  record_days: 3\n", "0.yaml:2 has the unknown key `record_days`", "did you mean `records_days`?"),
        (
            "settings:\n  rings:\n    - {percen: 3}\n",
            "0.yaml:3 has the unknown key `percen`",
            "did you mean `percent`?",
        ),
        ("groups:\n  - {rule: x}\n", "0.yaml:2 lacks the key `name`", "Add `name:` here."),
        ("accounts:\n  - {name: a, role: viewr}\n", "0.yaml:2 has a wrong value", None),
        ("enrollment:\n  - {name: a, labels: {tier: 1}}\n", "0.yaml:2 has a wrong value", None),
        ("groups: {}\n", "0.yaml:1 has a wrong value for `groups`", None),
        ("- groups\n", "0.yaml:1 is not a list of sections", None),
        ("groups: [}\n", "0.yaml:1 is not valid YAML", None),
        ("groups: &a []\n", "0.yaml:1 uses an anchor", None),
        ("groups: []\ngroups: []\n", "0.yaml:2 has the key `groups` twice", None),
        ("format: 2\n", "0.yaml:1 has a wrong value for `format`", None),
        ("repositories:\n  - name: nothing\n", "0.yaml:2 `nothing` is no repository", None),
        ("accounts:\n  - {name: ' ', role: viewer}\n", "0.yaml:2 this is no name of an account", None),
        ("endpoints:\n  - {endpoint: laptop-1}\n", "0.yaml:2 has a wrong value", None),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text, message, hint):
    error = refused(text)
    assert message in error.message
    assert hint in (None, error.hint)


def test_nothing_is_said_twice():
    assert "1.yaml:1 says its settings again: 0.yaml:1 does" in refused("settings: {}\n", "settings: {}\n").message
    same = "accounts:\n  - {name: Ada, role: viewer}\n"
    assert "1.yaml:2 says `ada` of `accounts` again: 0.yaml:2 does" in refused(same, same).message
    twice = "repositories:\n  - {name: a.b/c}\n  - {name: 'https://a.b/c.git'}\n"
    assert "0.yaml:3 says `a.b/c`" in refused(twice).message


def test_there_are_not_more_than_so_many_files_and_none_is_huge():
    assert str(MOST_FILES) in refused(*[""] * (MOST_FILES + 1)).message
    assert "larger than 256 KB" in refused("#" * (300 << 10)).message
