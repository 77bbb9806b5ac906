import pytest

from weighbridge.discover.word_secrets import secrets_in_url, secrets_in_words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("x", "--api-key", "hunter2hunter2"), [("api-key", "hunter2hunter2")]),
        (("x", "--api-key=hunter2hunter2"), [("api-key", "hunter2hunter2")]),
        (("x", "-e", "DB_PASSWORD=hunter2hunter2"), [("DB_PASSWORD", "hunter2hunter2")]),
        (("x", "--header", "Authorization: Bearer abcdefgh1234"), [("Authorization", "abcdefgh1234")]),
        (("x", "postgres://ada:hunter22@h/x"), [("password in the address", "hunter22")]),
        (("sh", "-c", "TOKEN=hunter2hunter2 run"), [("TOKEN", "hunter2hunter2")]),
        (("x", "--api-key", "${KEY}", "--token", "$TOKEN"), []),
        (("x", "--tokenizer", "fast"), []),
        (("x", "-y", "@scope/x@latest"), []),
        (("x", "--header", "Authorization: Bearer ${TOKEN}"), []),
    ],
)
def test_arguments(words: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    assert list(secrets_in_words(words)) == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://h/s/aB3dE5gH7jK9mN1pQ3rS5tU7/mcp", [("part of the address", "aB3dE5gH7jK9mN1pQ3rS5tU7")]),
        ("https://h/mcp?api_key=hunter2hunter2&x=1", [("api_key", "hunter2hunter2")]),
        ("https://a%20b:p%40ssw0rd@h/", [("password in the address", "p@ssw0rd")]),
        ("https://h/docs/getting-started", []),
        ("https://${USER}:${PASSWORD}@h/", []),
        ("https://h:8080/mcp", []),
    ],
)
def test_addresses(url: str, found: list[tuple[str, str]]) -> None:
    assert list(secrets_in_url(url)) == found
