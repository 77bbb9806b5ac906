import pytest

from weighbridge.discover.masking import is_placeholder, is_reference, masked_text, masked_url, masked_words

TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3rS5tU7vW9xY1zA3bC5"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("npx", "-y", "@scope/server@1.2.3"), ("npx", "-y", "@scope/server@1.2.3")),
        (("x", "--api-key", "hunter2hunter2"), ("x", "--api-key", "***")),
        (("x", "--api-key=hunter2"), ("x", "--api-key=***")),
        (("x", "--token", "${TOKEN}"), ("x", "--token", "${TOKEN}")),
        (("x", "PASSWORD=abc def"), ("x", "PASSWORD=***")),
        (("x", "postgresql://ada:pw@db/x?sslmode=on"), ("x", "postgresql://***@db/x?sslmode=***")),
        (("x", f"--header=Authorization: Bearer {TOKEN}"), ("x", "--header=Authorization: Bearer ***")),
        (("x", "--header=Authorization: abc123456"), ("x", "--header=Authorization: ***")),
        (("x", TOKEN), ("x", "***")),
        (("sh", "-c", f"A=1 API_KEY='{TOKEN}' run"), ("sh", "-c", "A=1 API_KEY='***' run")),
        (("x", "npm-check-updates-of-everything"), ("x", "npm-check-updates-of-everything")),
        (("x", "/usr/lib/node_modules/server/dist/index.js"), ("x", "/usr/lib/node_modules/server/dist/index.js")),
        (("docker", "run", "x@sha256:" + "0a" * 32), ("docker", "run", "x@sha256:" + "0a" * 32)),
    ],
)
def test_commands(words: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert masked_words(words) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://mcp.example.com/mcp", "https://mcp.example.com/mcp"),
        ("https://u:p@host/x", "https://***@host/x"),
        ("https://host/s/aB3dE5gH7jK9mN1pQ3rS5tU7/mcp", "https://host/s/***/mcp"),
        ("https://host/x?key=1&other=2#frag", "https://host/x?key=***&other=***"),
        ("https://host/" + TOKEN, "https://host/***"),
        ("https://host/?" + TOKEN, "https://host/?***"),
        ("https://host/0f8fad5b-d9cb-469f-a165-70867728950e/sse", "https://host/***/sse"),
    ],
)
def test_addresses(url: str, shown: str) -> None:
    assert masked_url(url) == shown


def test_no_form_of_a_secret_survives() -> None:
    forms = (
        f"curl -H 'Authorization: token {TOKEN}' https://x",
        f"curl https://ada:{TOKEN}@host/x",
        f'{{"apiKey": "{TOKEN}"}}',
        f"--env=GITHUB_TOKEN={TOKEN}",
        f"run {TOKEN};",
    )
    assert [text for text in forms if TOKEN in masked_text(text)] == []


def test_references_and_placeholders() -> None:
    assert all(map(is_reference, ("$TOKEN", "${input:key}", "%KEY%", "op://vault/item", "{env:KEY}", "Bearer ${X}")))
    assert not any(map(is_reference, ("abc", "pa$$word", TOKEN)))
    assert all(map(is_placeholder, ("", "your-api-key", "<key>", "sk-xxxx", "changeme", "YOUR_KEY_HERE")))
    assert all(map(is_placeholder, ("sk-no-key-required", "dummy-key-for-ollama", "test-key", "sk-proj-****abcd")))
    assert not any(map(is_placeholder, (TOKEN, "hunter2hunter2", "correct-horse-battery-staple", "test-key-7f3a9c")))
