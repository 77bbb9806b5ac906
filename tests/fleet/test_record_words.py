from hypothesis import given
from hypothesis import strategies as st

from weighbridge.fleet.inventory import Before, key_of
from weighbridge.fleet.record_words import LONGEST_PATH, MOST_DIGESTS, Words, digests_of, named_digests, words_of
from weighbridge.ledger.entry import Record
from weighbridge.pipeline.watch_decide import subject_of

ONE, TWO = "1a" * 32, "2b" * 32


def record(kind: str, **data: object) -> Record:
    return Record(sequence=0, kind=kind, at="", monotonic=0.0, boot="b", network="", data=data)


def test_a_process_says_who_ran_what() -> None:
    said = record(
        "process",
        pid=7,
        name="llama-server",
        user="ada",
        executable="/usr/bin/llama-server",
        actor={"kind": "agent", "agent": "claude-code"},
        weights=[{"sha256": ONE}, {"claimed_sha256": TWO}, {"sha256": ONE}, "no", {"sha256": "x"}],
    )
    assert words_of(said) == Words("llama-server", "ada", "agent", "claude-code", "/usr/bin/llama-server")
    assert digests_of(said) == [ONE, TWO]


def test_other_kinds_say_less() -> None:
    assert words_of(record("sighting", artifact=ONE, path="/a.gguf")) == Words(path="/a.gguf")
    assert words_of(record("agent", what="skill", name="report", path="/s")) == Words(agent="report", path="/s")
    assert words_of(record("toolchain", name="torch")) == Words()
    assert words_of(record("heartbeat", seen=3)) == Words()
    assert digests_of(record("verdict", artifact=f"claimed:{ONE}", decision="deny")) == [ONE]
    assert digests_of(record("sighting", artifact="/a/path")) == []


def test_what_is_too_long_is_cut() -> None:
    assert len(words_of(record("sighting", path="p" * 9000)).path) == LONGEST_PATH
    many = [{"sha256": f"{number:064x}"} for number in range(200)]
    assert len(digests_of(record("process", weights=many))) == MOST_DIGESTS


def test_the_record_of_a_file_that_is_gone_is_found_by_what_lay_there() -> None:
    here = record("sighting", artifact=ONE, path="/a", path_bytes=None, member=None)
    gone = record("sighting-end", path="/a")
    assert list(named_digests(5, [here, None, gone, gone], {})) == [(5, ONE), (7, ONE)]
    key = key_of(subject_of(gone) or "")
    before = {key: Before(artifact=f"claimed:{TWO}", ended=False, part=0)}
    assert list(named_digests(0, [gone], before)) == [(0, TWO)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10) | st.just(ONE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["artifact", "sha256", "weights", "name", "user", "actor", "path", "executable", "agent"])


@given(st.sampled_from(["process", "sighting", "agent", "finding-end"]), st.dictionaries(NAMES, VALUES, max_size=6))
def test_whatever_a_machine_says_fits_into_the_columns(kind: str, data: dict[str, object]) -> None:
    said = words_of(record(kind, **data))
    assert all(isinstance(one, str) and "\0" not in one for one in said)
    "".join(said).encode()
    assert set(digests_of(record(kind, **data))) <= {ONE}
