import pytest
from tests.samples.safetensors_file import small

from weighbridge.host.fake import FakeMachine
from weighbridge.model.artifact import Artifact, Repository
from weighbridge.model.fact import Fact, Grade
from weighbridge.model.finding import Assessment
from weighbridge.model.license import IdentifiedText, LicenseText, TextLikeness
from weighbridge.model.place import Place
from weighbridge.pipeline.assemble import Sighting
from weighbridge.pipeline.examined import Examined, Outcome
from weighbridge.pipeline.license_texts import LONGEST, MOST, Texts

HOME = b"/home/ada"


class Identifier:
    """Says `mit` of everything and counts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: LicenseText) -> IdentifiedText:
        self.texts.append(text.text)
        return IdentifiedText(source=text.source, sha256="0" * 64, likeness=TextLikeness.EXACT, license="mit")


def artifact(path: bytes, *facts: Fact) -> Artifact:
    return Artifact(format="gguf", size=1, places=(Place(path=path),), assessment=Assessment.CLEAN, facts=facts)


def seen(path: bytes, format_id: str = "license-text", *links: bytes) -> Sighting:
    piece = Examined(member=None, format=format_id, size=1, holds_model=False, assessment=Assessment.NOT_A_MODEL)
    places = [Place(path=link, link=True) for link in links]
    return Sighting(path=path, identity=(1, 1), outcome=Outcome(examined=(piece,)), links=places)


def texts(machine, artifacts, sightings=(), repositories=(), roots=(HOME,), identify=None):
    whole = [Repository(path=path, assessment=Assessment.CLEAN) for path in repositories]
    return Texts(machine, roots, sightings, artifacts, whole, identify or Identifier())


def sources(belonging):
    return [text.source for text, _ in belonging.texts]


def test_a_text_beside_the_file():
    machine = FakeMachine()
    machine.add_file(HOME + b"/m/LICENSE", b"MIT License\n")
    one = artifact(HOME + b"/m/a.gguf")
    found = texts(machine, [one], [seen(HOME + b"/m/LICENSE")]).of(one)
    assert sources(found) == ["LICENSE beside the file"]
    assert found.texts[0][1].license == "mit"
    assert found.shared == frozenset()


def test_a_text_among_several_models_of_no_repository_may_be_another_ones():
    machine = FakeMachine()
    machine.add_file(HOME + b"/m/LICENSE", b"MIT License\n")
    pair = [artifact(HOME + b"/m/a.gguf"), artifact(HOME + b"/m/b.gguf")]
    assert texts(machine, pair, [seen(HOME + b"/m/LICENSE")]).of(pair[0]).shared == {"LICENSE beside the file"}
    whole = texts(machine, pair, [seen(HOME + b"/m/LICENSE")], [HOME + b"/m"])
    assert whole.of(pair[0]).shared == frozenset()


def test_the_root_of_the_repository():
    machine = FakeMachine()
    machine.add_file(HOME + b"/work/.git/HEAD")
    machine.add_file(HOME + b"/work/LICENSE", b"MIT License\n")
    machine.add_file(HOME + b"/work/models/deep/a.gguf", small())
    one = artifact(HOME + b"/work/models/deep/a.gguf")
    assert sources(texts(machine, [one]).of(one)) == ["LICENSE at the root of the repository"]
    inside = texts(machine, [one], roots=[HOME + b"/work/models"])
    assert sources(inside.of(one)) == [], "nothing above what the run looks at"


def test_a_folder_above_that_is_no_repository_says_nothing():
    machine = FakeMachine()
    machine.add_file(HOME + b"/LICENSE", b"MIT License\n")
    one = artifact(HOME + b"/models/a.gguf")
    assert sources(texts(machine, [one]).of(one)) == []


def test_a_card_makes_a_root():
    machine = FakeMachine()
    machine.add_file(HOME + b"/repo/LICENSE", b"MIT License\n")
    one = artifact(HOME + b"/repo/q4/a.gguf")
    cards = [seen(HOME + b"/repo/README.md", "model-card")]
    assert sources(texts(machine, [one], cards).of(one)) == ["LICENSE at the root of the repository"]
    own = artifact(HOME + b"/repo/q4/a.gguf")
    inner = [*cards, seen(HOME + b"/repo/q4/README.md", "model-card")]
    assert sources(texts(machine, [own], inner).of(own)) == [], "its own folder is a repository"


@pytest.mark.parametrize(
    ("weights", "blob"),
    [
        (b"/store/blobs/sha256-" + b"a" * 64, b"/store/blobs/sha256-" + b"b" * 64),
        (b"/store/blobs/sha256/" + b"a" * 64, b"/store/blobs/sha256/" + b"b" * 64),
    ],
)
def test_license_layers_of_a_store(weights, blob):
    machine = FakeMachine()
    machine.add_file(blob, b"---\nspdx-id: Apache-2.0\n---\nApache License\n")
    layer = Fact(name="license.text.sha256", value="b" * 64, grade=Grade.DECLARED, source="license layer sha256:bbbb")
    one = artifact(weights, layer)
    identify = Identifier()
    found = texts(machine, [one], identify=identify).of(one)
    assert sources(found) == ["license layer sha256:bbbb"]
    assert identify.texts == ["Apache License\n"]
    assert [(fact.name, fact.value) for fact in found.facts] == [("license.spdx", "Apache-2.0")]


def test_a_text_is_read_and_identified_once():
    machine = FakeMachine()
    many = [artifact(HOME + b"/m%d/a.gguf" % number) for number in range(20)]
    sightings = []
    for number in range(20):
        path = HOME + b"/m%d/LICENSE" % number
        machine.add_file(path, b"MIT License\n")
        sightings.append(seen(path))
    identify = Identifier()
    found = texts(machine, many, sightings, identify=identify)
    for one in (*many, *many):
        assert sources(found.of(one)) == ["LICENSE beside the file"]
    assert len(identify.texts) == 1
    reads = [read for read in machine.reads if read.operation == "open" and read.path.endswith(b"LICENSE")]
    assert len(reads) <= 20


def test_links_of_a_cache_lead_to_the_text():
    machine = FakeMachine()
    machine.add_file(HOME + b"/hub/blobs/0123", b"MIT License\n")
    machine.add_link(HOME + b"/hub/snapshots/r/LICENSE", b"../../blobs/0123")
    one = artifact(HOME + b"/hub/snapshots/r/model.safetensors")
    sighting = seen(HOME + b"/hub/blobs/0123", "license-text", HOME + b"/hub/snapshots/r/LICENSE")
    assert sources(texts(machine, [one], [sighting]).of(one)) == ["LICENSE beside the file"]


def test_what_cannot_be_read_or_is_too_long_is_said():
    machine = FakeMachine()
    machine.add_file(HOME + b"/m/LICENSE", b"x" * (LONGEST + 1))
    one = artifact(HOME + b"/m/a.gguf")
    sightings = [seen(HOME + b"/m/LICENSE"), seen(HOME + b"/m/COPYING")]
    found = texts(machine, [one], sightings).of(one)
    assert sources(found) == ["LICENSE beside the file", "COPYING beside the file"]
    assert {item.detail for _, item in found.texts} == {"could not be read, or longer than 1 MiB"}
    assert {item.likeness for _, item in found.texts} == {TextLikeness.UNIDENTIFIED}


def test_texts_after_the_first_sixteen_are_said():
    machine = FakeMachine()
    sightings = []
    for number in range(MOST + 2):
        path = HOME + b"/m/LICENSE.%d" % number
        machine.add_file(path, b"MIT License\n")
        sightings.append(seen(path))
    one = artifact(HOME + b"/m/a.gguf")
    found = texts(machine, [one], sightings).of(one)
    assert sources(found)[MOST:] == ["The 2 license texts after the first 16"]


def test_texts_in_folders_below():
    machine = FakeMachine()
    sightings = []
    for path in (b"/m/LICENSES/CC0.txt", b"/m/docs/LICENSE", b"/m/other/LICENSE"):
        machine.add_file(HOME + path, b"words")
        sightings.append(seen(HOME + path))
    one, other = artifact(HOME + b"/m/a.gguf"), artifact(HOME + b"/m/other/b.gguf")
    plain = texts(machine, [one, other], sightings)
    assert sources(plain.of(one)) == ["LICENSES/CC0.txt in a folder below"]
    whole = texts(machine, [one, other], sightings, [HOME + b"/m"])
    assert sources(whole.of(one)) == ["LICENSES/CC0.txt in a folder below", "docs/LICENSE in a folder below"]
    assert sources(whole.of(other)) == ["LICENSE beside the file"]


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("docs/weights.txt", ["docs/weights.txt, which the declaration links to"]),
        ("./docs/weights.txt", ["./docs/weights.txt, which the declaration links to"]),
        ("docs", []),
        ("docs/other.txt", []),
        ("../secret.txt", []),
        ("/home/ada/secret.txt", []),
        ("https://acme.example/terms", []),
    ],
)
def test_a_file_that_a_declaration_links_to(link, wanted):
    machine = FakeMachine()
    machine.add_file(HOME + b"/m/docs/weights.txt", b"words")
    machine.add_file(HOME + b"/secret.txt", b"words")
    one = artifact(HOME + b"/m/a.gguf", Fact(name="license.link", value=link, grade=Grade.DECLARED, source="card"))
    assert sources(texts(machine, [one]).of(one)) == wanted


def test_other_encodings():
    machine = FakeMachine()
    machine.add_file(HOME + b"/m/LICENSE", "MIT License".encode("utf-16"))
    machine.add_file(HOME + b"/m/COPYING", b"\xef\xbb\xbfMIT \xff")
    one = artifact(HOME + b"/m/a.gguf")
    identify = Identifier()
    texts(machine, [one], [seen(HOME + b"/m/LICENSE"), seen(HOME + b"/m/COPYING")], identify=identify).of(one)
    assert identify.texts == ["MIT License", "MIT \ufffd"]
