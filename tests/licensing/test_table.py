import json
import tomllib

import pytest
from tests.house.files import SOURCE
from tools import license_data

from weighbridge.licensing import table_data
from weighbridge.licensing.entry import entry_from
from weighbridge.licensing.table import Naming, ambiguous_labels, entries, label, license_entry
from weighbridge.model.finding import Confidence
from weighbridge.model.license import Commercial, Outputs

FILES = sorted((SOURCE / "licensing/table").glob("*.toml"))


def test_the_module_is_what_the_files_say():
    assert license_data.generated() == (SOURCE / "licensing/table_data.py").read_text(encoding="utf-8")


def test_every_file_is_an_entry_with_a_source_and_a_day():
    assert [entry.id for entry in entries()] == [path.stem for path in FILES]
    assert len(entries()) >= 128
    for entry in entries():
        assert entry.source
        assert entry.as_of >= "2026-11-20"
        assert entry.id == entry.id.lower()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_entry_is_found_by_each_of_its_names(path):
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    names = [path.stem, values["name"], *values.get("aliases", ()), values.get("spdx"), values.get("scancode")]
    for name in filter(None, names):
        found = license_entry(name)
        assert found is not None, name
        assert found.id == path.stem


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Apache License, Version 2.0", "apache-2.0"),
        ("apache_2.0", "apache-2.0"),
        ("The MIT License", "mit"),
        ('"MIT"', "mit"),
        ("GNU General Public License v3.0", "gpl-3.0"),
        ("CC BY-NC 4.0", "cc-by-nc-4.0"),
        ("Creative Commons Attribution 4.0 International", "cc-by-4.0"),
        ("Llama 3.1 Community License Agreement", "llama3.1"),
        ("flux-1-dev-non-commercial-license", "flux-1-dev-nc"),
    ],
)
def test_how_people_write_it(written, expected):
    assert label(written).licenses == (expected,)


@pytest.mark.parametrize(
    "written", ["MIT modified", "MIT NC", "apache-2.0-nc", "mit and more", "my license", "llama 9"]
)
def test_what_only_looks_like_a_known_name_is_unknown(written):
    assert label(written).naming is Naming.UNKNOWN
    assert license_entry(written) is None


@pytest.mark.parametrize("written", ["other", "Other", "", "  ", "custom", "see LICENSE", "unknown", "none"])
def test_labels_that_name_nothing(written):
    assert label(written).naming is Naming.NONE


def test_a_label_that_stands_for_several_names_none_of_them():
    for name, meant in ambiguous_labels().items():
        assert label(name).naming is Naming.SEVERAL
        assert len(meant.licenses) > 1
        assert meant.note
        assert all(license_entry(license_id) is not None for license_id in meant.licenses)
    assert license_entry("modified-mit") is None


def test_facts_that_decide():
    assert license_entry("cc-by-nc-4.0").commercial is Commercial.PROHIBITED
    assert license_entry("exaone-1.1-nc").outputs is Outputs.PROHIBITED
    llama = license_entry("llama3.1")
    assert llama.commercial is Commercial.CONDITIONAL
    assert (llama.thresholds[0].metric, llama.thresholds[0].above) == ("monthly_active_users", 700_000_000)
    assert "display:Built with Llama" in llama.obligations
    assert license_entry("tencent-hunyuan-3d").regions_excluded == ("EU", "UK", "South Korea")
    assert sum(entry.confidence is Confidence.LOW for entry in entries()) == 13


def test_what_forbids_commerce_never_says_that_outputs_are_free():
    for entry in entries():
        if entry.commercial is Commercial.PROHIBITED:
            assert entry.outputs is not Outputs.FREE, entry.id
        if entry.category in ("permissive", "public-domain"):
            assert (entry.commercial, entry.thresholds) == (Commercial.ALLOWED, ()), entry.id


@pytest.mark.parametrize(
    ("key", "value"),
    [("commercial", "maybe"), ("class", "x"), ("derivatives", "x"), ("colour", "red"), ("thresholds", [{"above": 1}])],
)
def test_an_entry_that_breaks_the_schema_is_refused(key, value):
    values = json.loads(table_data.ENTRIES["mit"].partition("\t")[2])
    with pytest.raises(ValueError, match="license mit"):
        entry_from("mit", values | {key: value})


def test_a_missing_key_is_refused():
    values = json.loads(table_data.ENTRIES["mit"].partition("\t")[2])
    del values["outputs"]
    with pytest.raises(ValueError, match="outputs"):
        entry_from("mit", values)
