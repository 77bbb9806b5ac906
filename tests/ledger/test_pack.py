"""Evidence packs: what is signed holds, and nothing else does, down to the last bit."""

import io
import zipfile
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.ledger.packs import FILES, KEY, WITNESS, head, heads, manifest, pack

from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.note import signed
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.ledger.pack import HEADS, MANIFEST, is_pack, listed, manifest_of, sealed
from weighbridge.ledger.pack_verify import verify_files, verify_pack
from weighbridge.ledger.pack_zip import is_whole, unzipped, zipped

NAMES = some.from_regex(r"[a-z0-9][a-z0-9._-]{0,10}(/[a-z0-9][a-z0-9._-]{0,10})?", fullmatch=True)


def test_what_was_signed_holds():
    found = verify_pack(pack(), [KEY.public])
    assert found.problems == ()
    assert (found.holds, found.signed_by, found.self_asserted) == (True, (KEY.name,), False)
    assert (found.heads, found.unsigned_heads) == (1, 0)


def test_equal_content_gives_equal_bytes():
    assert pack() == pack()


def test_every_zip_program_reads_it():
    with zipfile.ZipFile(io.BytesIO(pack())) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == [MANIFEST, HEADS, *FILES]
        assert opened.read("report.html") == FILES["report.html"]


@given(some.dictionaries(NAMES, some.binary(max_size=200), min_size=1, max_size=6))
def test_files_come_back_as_they_were(files):
    content = zipped(files)
    assert unzipped(content) == files
    assert is_whole(content, files)


def test_one_changed_bit_anywhere_is_refused():
    whole = pack()
    for at in range(len(whole)):
        for bit in (0, 7) if at % 16 else range(8):
            changed = bytearray(whole)
            changed[at] ^= 1 << bit
            assert not verify_pack(bytes(changed), [KEY.public]).holds, (at, bit)


def test_what_is_cut_off_doubled_or_grown_is_refused():
    whole, chance = pack(), Random(5)
    for at in range(0, len(whole), 7):
        assert not verify_pack(whole[:at], [KEY.public]).holds, at
    for more in (b"\0", b"PK", whole, bytes(1000)):
        assert not verify_pack(whole + more, [KEY.public]).holds
        assert not verify_pack(more + whole, [KEY.public]).holds
    for _ in range(200):
        at, length = chance.randrange(len(whole)), chance.randrange(1, 40)
        piece = whole[at : at + length]
        assert not verify_pack(whole[:at] + piece + whole[at:], [KEY.public]).holds
        assert not verify_pack(whole[:at] + whole[at + length :], [KEY.public]).holds


def repacked(change) -> bytes:
    """Return the pack as another program writes it after a change."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pack())) as before, zipfile.ZipFile(out, "w") as after:
        for one in before.infolist():
            after.writestr(one, before.read(one))
        change(after)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"appended"),
        ("report.html", b"another"),
        ("../../outside.txt", b"traversal"),
        ("/etc/passwd", b"absolute"),
        ("a\\b.txt", b"backslash"),
        ("manifest.note", b"another"),
    ],
)
def test_members_that_are_added_are_refused(name, content):
    found = verify_pack(repacked(lambda out: out.writestr(name, content)), [KEY.public])
    assert not found.holds
    assert found.problems


def test_a_bomb_is_refused_without_being_opened():
    def bomb(out: zipfile.ZipFile) -> None:
        out.writestr("bomb.bin", bytes(50_000_000), zipfile.ZIP_DEFLATED)

    assert "packed it anew" in verify_pack(repacked(bomb), [KEY.public]).problems[0]


def test_a_member_that_states_more_than_there_is_is_refused():
    whole = bytearray(pack())
    whole[18:22] = whole[22:26] = (1 << 31).to_bytes(4, "little")
    assert "is cut off" in verify_pack(bytes(whole), [KEY.public]).problems[0]


@pytest.mark.parametrize("name", ["../x", "/x", "a//b", "A", "a\\b", "", ".hidden", "x/../y", "x" * 200, "a/b/c/d"])
def test_names_that_lead_elsewhere_cannot_be_packed(name):
    with pytest.raises(ValueError, match="name"):
        zipped({name: b""})


def test_another_key_is_not_trusted():
    other = PrivateKey(KEY.name, b"o" * 32)
    found = verify_pack(pack(), [other.public])
    assert (found.holds, found.signed_by) == (False, ())


def test_files_in_another_order_are_not_as_they_were_made():
    files = unzipped(pack())
    turned = dict(reversed(files.items()))
    assert not verify_pack(zipped(turned), [KEY.public]).holds
    assert verify_files(turned, [KEY.public]).holds


def test_a_signature_beside_is_only_taken_from_a_key_that_is_given():
    other = PrivateKey("auditor.example", b"o" * 32)
    files = unzipped(pack())
    note, _ = manifest_of(files[MANIFEST])
    for signers in ((KEY, other), (KEY, KEY)):
        twice = zipped(files | {MANIFEST: bytes(signed(note.text, *signers))})
        assert "beside that" in verify_pack(twice, [KEY.public]).problems[0]
        assert not verify_pack(twice, []).holds
    both = zipped(files | {MANIFEST: bytes(signed(note.text, KEY, other))})
    assert verify_pack(both, [KEY.public, other.public]).signed_by == (KEY.name, other.name)
    assert verify_pack(both, [KEY.public, other.public]).holds


def test_without_a_key_the_one_in_the_pack_is_taken_and_said():
    found = verify_pack(pack(), [])
    assert (found.holds, found.self_asserted) == (True, True)


def test_a_pack_that_states_another_key_than_signed_does_not_hold():
    other = PrivateKey("weighbridge/evidence/other", b"o" * 32)
    assert not verify_pack(pack(key=other.public.text), []).holds
    assert not verify_pack(pack(key="nonsense"), []).holds


def test_each_file_that_is_not_as_signed_is_named():
    files = dict(FILES)
    whole = sealed(manifest(files), files, KEY)
    loose = unzipped(whole)
    assert verify_files(loose, [KEY.public]).holds
    changed = loose | {"report.json": b"[]", "added.txt": b""}
    del changed["rows/01.csv"]
    problems = verify_files(changed, [KEY.public]).problems
    assert problems == (
        "rows/01.csv is missing",
        "report.json is not as it was signed",
        "added.txt was added: the manifest does not name it",
    )


def test_a_manifest_that_is_none_is_said():
    for content in (b"", b"no note\n", bytes(signed("{}\n", KEY)), bytes(signed("[" * 10_000 + "\n", KEY))):
        found = verify_pack(zipped({MANIFEST: content}), [KEY.public])
        assert found.manifest is None
        assert "manifest" in found.problems[0]
    assert "no manifest" in verify_pack(zipped({"x": b""}), [KEY.public]).problems[0]
    old = manifest({}, schema="weighbridge.evidence/0")
    with pytest.raises(ValueError, match="another version"):
        manifest_of(unzipped(sealed(old, {}, KEY))[MANIFEST])


def test_a_file_that_is_named_twice_is_refused():
    files = {"a": b"1"}
    made = manifest(files)
    doubled = type(made)(
        **{name: getattr(made, name) for name in made.__struct_fields__} | {"files": listed(files) * 2}
    )
    assert not verify_pack(sealed(doubled, files, KEY), [KEY.public]).holds


def test_heads_that_their_endpoint_or_the_server_did_not_sign_are_named():
    stranger = PrivateKey("laptop", b"s" * 32)
    other = EdCosigner(WITNESS.name, b"o" * 32)
    wrong = {
        "is not signed by its endpoint": head(signer=stranger),
        "is not cosigned by the server": head(witness=other),
    }
    for says, one in wrong.items():
        found = verify_pack(pack({HEADS: heads(head(), one)}), [KEY.public])
        assert [says in problem for problem in found.problems] == [True]
        assert found.heads == 1
    found = verify_pack(pack({HEADS: heads(head())}, witness=""), [KEY.public])
    assert (found.holds, found.heads, found.unsigned_heads) == (True, 0, 1)
    assert "cannot be read" in verify_pack(pack({HEADS: b"["}), [KEY.public]).problems[0]


def test_a_pack_is_known_by_how_it_begins():
    assert is_pack(pack()[:64])
    assert not is_pack(zipped({"checkpoint": b""})[:64])
    assert not is_pack(b"")
