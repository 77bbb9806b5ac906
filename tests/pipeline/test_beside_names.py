import pytest

from weighbridge.pipeline.beside_names import expected, is_data


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        (b"config.json", "transformers-config"),
        (b"sub/config.json", "transformers-config"),
        (b"README.md", "model-card"),
        (b"LICENSE", "license-text"),
        (b"licenses/mit.txt", "license-text"),
        (b"chat.jinja", "chat-template"),
        (b"hparams.yaml", "hydra-config"),
        (b"notes.json", None),
        (b"mit.txt", None),
        (b"README.txt", None),
    ],
)
def test_names_that_ask_for_a_reader(name, reader):
    assert expected(name) == reader


@pytest.mark.parametrize(("name", "data"), [(b"a/B.JPG", True), (b"x.csv", True), (b"x.sh", False), (b"tool", False)])
def test_names_of_data(name, data):
    assert is_data(name) is data
