"""Packs made of a fleet: they verify, they are the same twice, and nothing in them obeys what a machine wrote."""

import csv
import io
import json
import re

import pytest
from tests.console import hostile
from tests.fleet.small_fleet import AT, LAPTOP
from tests.fleet.test_evidence import filled, viewer
from tests.fleet.test_inventory import joined
from tests.fleet.wire import sighting

from weighbridge.console.report_file import report_file
from weighbridge.fleet import audit, evidence_files, evidence_pack, witness
from weighbridge.fleet.evidence import TIME, Answer, Column
from weighbridge.fleet.evidence_heads import heads
from weighbridge.fleet.evidence_packs import PACKS, pack
from weighbridge.fleet.evidence_report import asker_of, machine_asker
from weighbridge.fleet.permissions import EVERYTHING, Role, Scope
from weighbridge.host.page_printer import can_print
from weighbridge.ledger.pack import HEADS, manifest_of
from weighbridge.ledger.pack_verify import verify_pack
from weighbridge.ledger.pack_zip import unzipped
from weighbridge.model.errors import WeighbridgeError

LAB = Scope(groups=("lab",))


def made(store, name: str = "board", asker=None, now: int = AT + 1):
    """Return a pack."""
    keys = store.write_now(lambda c: evidence_pack.keys(c, now))
    found = store.read_now(lambda c: evidence_pack.found(c, pack(name), asker or machine_asker(), now, 90))
    return evidence_pack.made(found, keys, report_file)


@pytest.fixture
def fleet(store):
    store.write_now(filled)
    return store


def test_what_the_server_makes_verifies_under_its_key(fleet, store):
    key = store.write_now(lambda c: witness.evidence_key(c, AT)).public
    for name in PACKS:
        content = made(store, name).content
        found = verify_pack(content, [key])
        assert (found.problems, found.signed_by) == ((), (key.name,)), name
        files = unzipped(content)
        _, manifest = manifest_of(files["manifest.note"])
        assert (manifest.pack, manifest.key, manifest.scope) == (name, key.text, "the whole fleet")
        assert manifest.coverage.startswith("Covers 3 of 3 enrolled endpoints")
        assert manifest.made_at == "2026-11-21T12:00:00Z"
        assert {"report.html", "report.json", "controls.csv", HEADS, "how-to-check.txt"} <= set(files)


def test_the_same_is_the_same_to_the_last_bit(fleet, store):
    assert made(store).content == made(store).content
    assert made(store).content != made(store, now=AT + 1001).content


def test_each_row_is_there_as_csv_and_json_with_what_was_asked(fleet, store):
    files = unzipped(made(store, "nist-ai-rmf").content)
    report = json.loads(files["report.json"])
    assert len(report["rows"]) == len(pack("nist-ai-rmf").rows)
    for row in report["rows"]:
        stem = [name for name in files if name.startswith(f"rows/{row['number']:02}-")]
        assert [name.rpartition(".")[2] for name in stem] == ["json", "csv"]
        whole = json.loads(files[stem[0]])
        assert len(whole["statements"]) >= 1
        assert whole["statements"][-1]["rows"] >= 0
        lines = list(csv.reader(io.StringIO(files[stem[1]].decode(), newline="")))
        assert lines[0] == [column["name"] for column in whole["answer"]["columns"]]
        assert len(lines) == 1 + len(whole["answer"]["rows"])


def test_a_part_of_the_fleet_is_all_that_such_a_pack_speaks_of(fleet, store):
    files = unzipped(made(store, "board", asker_of(viewer(Role.VIEWER, LAB))).content)
    _, manifest = manifest_of(files["manifest.note"])
    assert manifest.scope == "only the endpoints of group lab"
    assert manifest.made_by == "ada (viewer)"
    everything = b"".join(content for name, content in files.items() if name != "manifest.note").decode()
    assert "cccccccccccccccc" not in everything
    assert "/srv/" not in everything


def test_heads_are_those_that_endpoints_signed_and_the_server_cosigned(store):
    server, device = joined(store)
    device.record(sighting())
    device.sync_all()
    found = store.read_now(lambda c: heads(c, EVERYTHING))
    assert [(one.endpoint_id, one.records) for one in found.heads] == [(device.endpoint_id, found.heads[0].cosigned)]
    keys = store.write_now(lambda c: evidence_pack.keys(c, AT))
    keys = evidence_pack.Keys(signer=keys.signer, witness=server.cosigner)
    what = store.read_now(lambda c: evidence_pack.found(c, pack("board"), machine_asker(), server.now, 30))
    verified = verify_pack(evidence_pack.made(what, keys, report_file).content, [keys.signer.public])
    assert (verified.problems, verified.heads, verified.unsigned_heads) == ((), 1, 0)


def test_heads_are_bounded_and_that_is_said(fleet, store):
    found = store.read_now(lambda c: heads(c, EVERYTHING, most=1))
    assert ([one.endpoint_id for one in found.heads], found.complete) == ([LAPTOP], False)
    assert store.read_now(lambda c: heads(c, EVERYTHING)).complete
    whole = store.read_now(lambda c: evidence_pack.found(c, pack("board"), machine_asker(), AT, 30))
    assert (whole.heads.complete, "heads" in whole.report.coverage.says) == (True, False)
    cut = store.read_now(lambda c: evidence_pack.found(c, pack("board"), machine_asker(), AT, 30, 1))
    said = f"The heads of 1 of {len(whole.heads.heads)} ledgers are in the pack, those of the others are not."
    assert cut.report.coverage.says == f"{whole.report.coverage.says} {said}"
    keys = store.write_now(lambda c: evidence_pack.keys(c, AT))
    content = evidence_pack.made(cut, keys, report_file).content
    verified = verify_pack(content, [keys.signer.public])
    assert (verified.is_cut, verified.ledgers) == (True, len(whole.heads.heads))
    assert verified.manifest.coverage.endswith(said)
    assert said in unzipped(content)["report.html"].decode()


def test_what_machines_say_is_shown_and_never_obeyed(fleet, store, monkeypatch):
    if store.dialect == "postgresql":  # which refuses what SQLite takes: NUL, and what is too long
        monkeypatch.setattr(hostile, "HOSTILE", hostile.HOSTILE.replace("\0", "")[:40])
    store.write_now(hostile.spoil)
    for name in PACKS:
        files = unzipped(made(store, name).content)
        page = files["report.html"].decode()
        assert "window.obeyed" in page
        assert not re.search(r"<(?!svg viewBox|svg class=\"mark\")(script|img|iframe|svg|object|link)", page), name
        assert not set("\u202e\u2066\u200b\x1b\0") & set(page), name
        for file, content in files.items():
            if file.endswith(".csv"):
                text = content.decode()
                assert not set("\u202e\u2066\x1b\0") & set(text), file
            if file.endswith(".json"):
                json.loads(content)


def test_a_spreadsheet_finds_no_formula():
    words = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", hostile.HOSTILE, "plain", "\u202e=1", " =1"]
    columns = [Column(name="Word"), Column(name="When", kind=TIME), Column(name="Number", kind="number")]
    answer = Answer(headline="", says="", columns=columns, rows=[[word, AT, -5] for word in words], total=len(words))
    lines = list(csv.reader(io.StringIO(evidence_files.answer_csv(answer).decode(), newline="")))
    assert lines[0] == ["Word", "When", "Number"]
    for line in lines[1:]:
        assert line[0][0] not in "=+-@\t\r\n"
        assert line[1:] == ["2026-11-21T12:00:00Z", "-5"]


def test_who_made_which_pack_stands_in_the_audit_trail(fleet, store):
    keys = store.write_now(lambda c: evidence_pack.keys(c, AT))
    found = store.read_now(lambda c: evidence_pack.found(c, pack("soc-2"), asker_of(viewer(Role.VIEWER)), AT, 30))
    one = evidence_pack.made(found, keys, report_file)
    store.write_now(lambda c: evidence_pack.note(c, viewer(Role.VIEWER), found.report, one))
    entry = store.read_now(lambda c: audit.newest(c, 1))[0]
    assert (entry.action, entry.subject, entry.account_name) == ("report.make", "soc-2", "ada")
    detail = json.loads(entry.detail)
    assert (detail["sha256"], detail["days"]) == (one.sha256, 30)
    assert "CC6.3" in detail["withheld"]


def test_the_server_keeps_its_key(store):
    first = store.write_now(lambda c: witness.evidence_key(c, AT))
    again = store.write_now(lambda c: witness.evidence_key(c, AT + 5))
    assert first.public.text == again.public.text
    assert first.public.public != store.write_now(lambda c: witness.cosigner(c, AT)).text


def test_names_of_files_are_short_and_plain(fleet, store):
    for name in PACKS:
        for file in unzipped(made(store, name).content):
            assert re.fullmatch(r"[a-z0-9][a-z0-9./-]{1,70}", file), file


def test_a_time_that_no_calendar_has_is_a_number():
    assert evidence_files.iso(1 << 60) == str(1 << 60)


def test_a_pdf_is_a_file_like_the_others_where_it_can_be_made(fleet, store):
    if not can_print():
        pytest.skip("WeasyPrint is not installed: it is an extra")
    keys = store.write_now(lambda c: evidence_pack.keys(c, AT))
    found = store.read_now(lambda c: evidence_pack.found(c, pack("board"), machine_asker(), AT, 30))
    try:
        one = evidence_pack.made(found, keys, report_file, evidence_pack.as_pdf)
    except WeighbridgeError as error:
        if "cannot be loaded" in error.message:
            pytest.skip(error.message)
        raise
    assert unzipped(one.content)["report.pdf"].startswith(b"%PDF-")
    assert verify_pack(one.content, [keys.signer.public]).holds


def test_without_the_package_a_pdf_is_refused_with_what_to_type(monkeypatch):
    monkeypatch.setattr(evidence_pack, "can_print", lambda: False)
    with pytest.raises(WeighbridgeError, match="not installed") as refused:
        evidence_pack.as_pdf("<p>")
    assert (refused.value.code, "weighbridge[pdf]" in refused.value.hint) == ("E-report-pdf", True)
