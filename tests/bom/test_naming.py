from tests.bom.bills import artifact, fact

from weighbridge.bom.naming import file_name, main_place, naming_of
from weighbridge.model.place import Place


def _named(store: str, store_name: str, path: str = "/s/file.gguf", **fields: object) -> tuple[str, str, str]:
    naming = naming_of(artifact(places=(Place(path=path.encode(), store=store, store_name=store_name),), **fields))
    return naming.group, naming.name, naming.version


def test_stores_name_their_models() -> None:
    assert _named("ollama", "library/gemma3:270m") == ("library", "gemma3", "270m")
    assert _named("ollama", "hf.co/org/name:Q4_K_M") == ("hf.co/org", "name", "Q4_K_M")
    assert _named("lm-studio", "org/Name-GGUF") == ("org", "Name-GGUF", "")
    assert _named("jan", "host:8080/x") == ("host:8080", "x", "")
    assert _named("huggingface", "org/name@main") == ("org", "name", "main")
    assert _named("huggingface", "gpt2@main") == ("", "gpt2", "main")


def test_the_commit_comes_from_the_snapshot() -> None:
    path = f"/h/models--o--n/snapshots/{'a' * 40}/onnx/model.onnx"
    naming = naming_of(artifact(places=(Place(path=path.encode(), store="huggingface", store_name="o/n@main"),)))
    assert (naming.commit, naming.version, naming.subpath) == ("a" * 40, "a" * 40, "onnx/model.onnx")
    assert {identity.technique for identity in naming.identities} == {"manifest-analysis"}


def test_a_loose_file_is_called_by_its_name_and_not_by_what_it_claims() -> None:
    naming = naming_of(artifact("/d/tiny.gguf", facts=(fact("name", "GPT-9"), fact("version", "2"))))
    assert (naming.name, naming.version) == ("tiny.gguf", "2")
    assert naming.identities[0].confidence == 0.3


def test_the_place_with_a_real_file_name_comes_first() -> None:
    blob = Place(path=b"/h/blobs/" + b"c" * 64, store="huggingface", store_name="o/n@main")
    link = Place(path=b"/h/snapshots/x/model.gguf", store="huggingface", store_name="o/n@main", link=True)
    loose = Place(path=b"/a/copy.gguf")
    assert main_place(artifact(places=(loose, blob, link))) == link
    assert main_place(artifact(places=())) is None
    assert naming_of(artifact(places=())).name == "unnamed"


def test_odd_names_are_made_visible() -> None:
    assert file_name(Place(path=b"/d/\x1b[31m.gguf")) == "\\x1b[31m.gguf"
    assert file_name(Place(path=b"/d/caf\xe9")) == "caf\\xe9"
    assert file_name(Place(path=b"/")) == "unnamed"
    assert file_name(Place(path=b"C:\\m\\x.gguf")) == "x.gguf"
