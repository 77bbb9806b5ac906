import pytest
from tests.samples.license_texts import spdx

from weighbridge.host.fake import FakeMachine
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.license import Commercial, TextLikeness
from weighbridge.pipeline.archive_terms import in_archive
from weighbridge.pipeline.demo_files import archive, safetensors
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan

HOME = b"/home/ada"
CARD = b"---\nlicense: cc-by-nc-4.0\n---\n# B\n"


def weights(license_id):
    made = safetensors([("b", (8, 8), "F32")], {"license": license_id})
    return made.read(0, made.size)


def licensed(members):
    machine = FakeMachine()
    machine.add_file(HOME + b"/x.zip", archive(members))
    found = scan(machine, Options(roots=(HOME,))).artifacts
    again = scan(machine, Options(roots=(HOME,))).artifacts
    assert found == again, "what is remembered says the same"
    return {item.places[0].member: item.license for item in found}


def test_a_card_in_the_archive_counts():
    (found,) = licensed({"repo/model.safetensors": weights("cc-by-nc-4.0"), "repo/README.md": CARD}).values()
    assert found.commercial is Commercial.PROHIBITED
    assert any("repo/README.md" in item.source for item in found.declared)


def test_a_text_in_the_archive_takes_a_permission_away():
    members = {"repo/model.safetensors": weights("mit"), "repo/LICENSE": b"Terms of our own. Do not sell it.\n"}
    (found,) = licensed(members).values()
    assert found.commercial is Commercial.UNKNOWN
    assert [(text.source, text.likeness) for text in found.texts] == [
        ("LICENSE in the archive", TextLikeness.UNIDENTIFIED)
    ]
    (alone,) = licensed({"repo/model.safetensors": weights("mit")}).values()
    assert alone.commercial is Commercial.ALLOWED


def test_only_models_in_the_folder_of_the_text_and_below():
    found = licensed(
        {"a/sub/m.safetensors": weights("mit"), "b/m.safetensors": weights("apache-2.0"), "a/README.md": CARD}
    )
    assert found["a/sub/m.safetensors"].commercial is Commercial.PROHIBITED
    assert found["b/m.safetensors"].commercial is Commercial.ALLOWED


def test_an_archive_without_models_is_not_read_for_texts():
    assert licensed({"src/LICENSE": b"MIT License\n", "src/main.py": b"print(1)\n"}) == {}


def test_other_facts_are_no_texts():
    assert in_archive([Fact(name="license", value="mit", grade=Grade.DECLARED, source="x")]) == ()


def silent():
    made = safetensors([("b", (8, 8), "F32")], {"format": "pt"})
    return made.read(0, made.size)


FREE = CARD.replace(b"cc-by-nc-4.0", b"apache-2.0")
MIT = spdx("MIT").encode()


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ({"README.md": FREE}, Commercial.ALLOWED),
        ({"p/README.md": FREE}, Commercial.ALLOWED),
        ({"README.md": CARD}, Commercial.PROHIBITED),
        ({"p/README.md": CARD, "README.md": FREE}, Commercial.PROHIBITED),
        ({"LICENSE": MIT}, Commercial.ALLOWED),
        ({"p/LICENSE": MIT}, Commercial.ALLOWED),
        ({"p/q/LICENSE": MIT}, Commercial.UNKNOWN),
        ({"p/q/LICENSE": MIT, "p/q/README.md": FREE.replace(b"apache-2.0", b"mit")}, Commercial.ALLOWED),
        ({"LICENSE": MIT, "README.md": CARD}, Commercial.PROHIBITED),
        ({"p/sub/README.md": FREE, "other/LICENSE": MIT}, Commercial.UNKNOWN),
    ],
)
def test_what_stands_above_counts_as_it_does_in_folders(around, expected):
    assert licensed({"p/q/r/m.safetensors": silent(), **around})["p/q/r/m.safetensors"].commercial is expected


def test_a_card_above_that_contradicts_the_header_is_a_finding():
    machine = FakeMachine()
    machine.add_file(HOME + b"/x.zip", archive({"p/m.safetensors": weights("mit"), "README.md": CARD}))
    (artifact,) = scan(machine, Options(roots=(HOME,))).artifacts
    assert "license-disagreement" in {finding.check for finding in artifact.findings}


def test_a_text_beside_several_models_permits_none_of_them():
    found = licensed({"p/a.safetensors": silent(), "p/b.safetensors": weights("mit"), "p/LICENSE": MIT})
    assert found["p/a.safetensors"].commercial is Commercial.UNKNOWN


def test_the_licenses_of_everything_else_in_a_layer_do_not_crowd_out_those_of_the_model():
    others = {f"lib/{number}.dist-info/LICENSE": MIT for number in range(100)}
    found = licensed({**others, "opt/x/m.safetensors": weights("mit"), "opt/x/README.md": CARD})
    assert found["opt/x/m.safetensors"].commercial is Commercial.PROHIBITED


def test_an_archive_in_an_archive():
    inner = archive({"m.safetensors": silent(), "README.md": CARD})
    assert licensed({"in.zip": inner})["in.zip!/m.safetensors"].commercial is Commercial.PROHIBITED
    inner = archive({"m.safetensors": silent()})
    assert licensed({"in.zip": inner, "README.md": CARD})["in.zip!/m.safetensors"].commercial is Commercial.PROHIBITED


def test_a_folder_of_licenses_speaks_of_the_models_around_it_and_of_no_others():
    beside = licensed({"p/m.safetensors": silent(), "p/licenses/LICENSE": MIT})
    assert beside["p/m.safetensors"].commercial is Commercial.ALLOWED
    elsewhere = licensed({"p/q/m.safetensors": silent(), "licenses/LICENSE": MIT})
    assert elsewhere["p/q/m.safetensors"].commercial is Commercial.UNKNOWN


def test_a_text_that_is_too_long_may_hold_terms():
    long = MIT + b"\n" * (256 << 10)
    found = licensed({"m.safetensors": weights("mit"), "LICENSE": long})["m.safetensors"]
    assert found.commercial is Commercial.UNKNOWN
    assert any("longer than 256 KiB" in reason for reason in found.reasons)


def test_a_notice_is_read_beyond_its_title():
    found = licensed({"m.safetensors": weights("mit"), "NOTICE": b"Us\n\nFor research use only.\n"})["m.safetensors"]
    assert found.commercial is Commercial.UNKNOWN
