import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.formats.yaml_events import LONGEST, YamlError, scalars


def flat(text: str) -> dict[str, str]:
    return {item.key: item.value for item in scalars(text.encode())}


def test_keys_lists_and_flows():
    text = "a: 1\nb:\n  - x\n  - {c: y}\nd: [p, q]\n"
    assert flat(text) == {"a": "1", "b.0": "x", "b.1.c": "y", "d.0": "p", "d.1": "q"}


def test_aliases_of_scalars_are_read_and_of_collections_passed_over():
    assert flat("a: &x hello\nb: *x\nc: &y {d: e}\nf: *y\n") == {"a": "hello", "b": "hello", "c.d": "e", "f": ""}


def test_laughs_stay_small():
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    assert len(list(scalars(b"l0: &l0 [x]\n" + levels.encode()))) < 100


def test_tags_are_told():
    [item, *_] = scalars(b"a: !!python/object/apply:os.system ['id']\n")
    assert (item.key, item.tag) == ("a", "tag:yaml.org,2002:python/object/apply:os.system")


@pytest.mark.parametrize(
    "text", [b"a: [", b"[" * 50_000, b"a: {" * 300, b"- " * 500, b"x" * (LONGEST + 1), b"\xff\xfe\x00"]
)
def test_refusals(text):
    with pytest.raises(YamlError):
        list(scalars(text))


@given(st.binary(max_size=300))
def test_noise(text):
    try:
        list(scalars(text))
    except YamlError:
        pass
