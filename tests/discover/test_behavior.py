from weighbridge.discover.behavior import agent_signs, behavior, is_telling, looks_like_agent
from weighbridge.model.trace import FileTrace


def test_the_numbers_of_a_trace() -> None:
    trace = FileTrace(
        opened=(
            ("/src/a.c", False),
            ("/src/a.c", False),
            ("/src/b/x.md", False),
            ("/src/a.o", True),
            ("/usr/include/stdio.h", False),
            ("/home/ada/.ssh/config", False),
        ),
        started=("gcc", "cat", "cat", "ls"),
        home="/home/ada",
    )
    found = behavior(trace)
    assert (found.opens, found.files, found.sensitive, found.starts) == (6, 5, 1, 4)
    assert found.system_share == 0.167
    assert found.reopened == 1.25
    assert found.written_share == 0.2
    assert found.looking_share == 0.75
    assert found.program_kinds == 1.5


def test_an_empty_trace_tells_nothing() -> None:
    found = behavior(FileTrace())
    assert not is_telling(found)
    assert not looks_like_agent(found)
    assert agent_signs(found) == ()


def test_somebody_who_looks_at_many_kinds_of_things_works_like_an_agent() -> None:
    endings = ("md", "yaml", "py", "toml", "json", "txt")
    opened = tuple((f"/src/{number % 9}/f{number}.{endings[number % 6]}", False) for number in range(40))
    trace = FileTrace(opened=opened, started=("cat", "sed", "rg", "bash", "ls", "head") * 4)
    assert looks_like_agent(behavior(trace))


def test_a_compilation_does_not() -> None:
    opened = tuple(
        one
        for number in range(40)
        for one in (
            (f"/src/f{number}.c", False),
            ("/src/all.h", False),
            ("/usr/include/x.h", False),
            ("/src/o.o", True),
        )
    )
    assert not looks_like_agent(behavior(FileTrace(opened=opened, started=("make", "gcc", "cc1", "as") * 20)))
