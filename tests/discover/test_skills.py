from weighbridge.discover.skills import front_matter, read_skill, skill_folders
from weighbridge.host.fake import FakeMachine
from weighbridge.model.agent import Scope, Skill

FOLDER = b"/home/ada/.claude/skills"
HEAD = b"---\nname: pdf\ndescription: >\n  Reads\n  PDF\n---\n# PDF\n"


def read(machine: FakeMachine) -> Skill:
    return read_skill(machine, FOLDER + b"/pdf", scope=Scope.USER, agents=(), readers=())[0]


def test_folders_with_a_skill_file_two_levels_down() -> None:
    machine = FakeMachine()
    for path in (b"/pdf/SKILL.md", b"/group/one/SKILL.md", b"/a/b/c/SKILL.md", b"/none/README.md", b"/low/skill.md"):
        machine.add_file(FOLDER + path)
    assert sorted(skill_folders(machine, FOLDER)) == [FOLDER + b"/group/one", FOLDER + b"/low", FOLDER + b"/pdf"]
    assert list(skill_folders(machine, b"/nowhere")) == []


def test_what_a_skill_is() -> None:
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/pdf/SKILL.md", HEAD)
    machine.add_file(FOLDER + b"/pdf/scripts/run.py", b"print()")
    skill = read(machine)
    assert (skill.name, skill.description, skill.files) == ("pdf", "Reads PDF", 2)
    assert skill.programs == ("scripts/run.py",)
    assert skill.sha256 is not None


def test_the_digest_changes_with_content_and_path_and_nothing_else() -> None:
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/pdf/SKILL.md", HEAD)
    first = read(machine).sha256
    machine.add_file(FOLDER + b"/pdf/.git/config", b"x")
    assert read(machine).sha256 == first
    machine.change_file(FOLDER + b"/pdf/SKILL.md", HEAD + b"\n")
    second = read(machine).sha256
    machine.add_file(FOLDER + b"/pdf/b", b"")
    assert len({first, second, read(machine).sha256}) == 3


def test_what_cannot_be_read_leaves_no_digest() -> None:
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/pdf/SKILL.md", HEAD)
    machine.add_link(FOLDER + b"/pdf/link", b"/etc/passwd")
    skill, unexamined = read_skill(machine, FOLDER + b"/pdf", scope=Scope.USER, agents=(), readers=())
    assert skill.sha256 is None
    assert [item.path for item in unexamined] == [FOLDER + b"/pdf/link"]
    assert b"/etc/passwd" not in {read.path for read in machine.reads}


def test_large_skills_are_bounded() -> None:
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/pdf/SKILL.md", HEAD)
    machine.add_file(FOLDER + b"/pdf/a.bin", bytes(65 << 20))
    assert read(machine).sha256 is None


def test_heads() -> None:
    assert front_matter("---\r\nname: x\r\n---\r\n") == {"name": "x"}
    assert front_matter("# no head") == {}
    assert front_matter("---\nname: [1]\n---\n") == {}
    assert front_matter("---\n: : :\n---\n") == {}
