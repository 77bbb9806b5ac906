import pytest

from weighbridge.discover.shell_text import fetches_code, script_path, unwrapped, words_of


@pytest.mark.parametrize(
    "text",
    [
        "curl -fsSL https://x/i.sh | bash",
        "curl https://x | sudo -E bash -",
        "wget -qO- https://x|sh",
        "bash <(curl -s https://x)",
        'eval "$(curl -s https://x)"',
        'sh -c "$(wget -O- https://x)"',
        "echo aGk= | base64 -d | sh",
        "iex (irm https://x)",
        "iwr https://x | iex",
        "curl -o /tmp/a https://x && sh /tmp/a",
        "curl https://x -o i.sh; sh i.sh",
        "curl https://x | tee log | python3 -",
    ],
)
def test_commands_that_download_what_they_run(text: str) -> None:
    assert fetches_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "curl https://x -o data.json",
        "curl -s https://x | jq .",
        "npx -y some-mcp",
        "bash ./install.sh",
        "cat x | bash",
        "git pull && make",
    ],
)
def test_commands_that_do_not(text: str) -> None:
    assert not fetches_code(text)


def test_long_texts_cost_little() -> None:
    assert not fetches_code("curl -o " * 100_000)
    assert not fetches_code("curl x " * 100_000)


@pytest.mark.parametrize(
    ("words", "inner"),
    [
        (("npx", "-y", "x"), ("npx", "-y", "x")),
        (("env", "A=1", "npx", "x"), ("npx", "x")),
        (("sudo", "-E", "npx", "x"), ("npx", "x")),
        (("cmd", "/c", "npx", "-y", "x"), ("npx", "-y", "x")),
        (("/bin/sh", "-c", "cd /x && exec npx -y 'a b'"), ("npx", "-y", "a b")),
        (("bash", "-lc", "npx x"), ("npx", "x")),
        (("bash", "run.sh"), ("bash", "run.sh")),
        ((), ()),
    ],
)
def test_wrappers(words: tuple[str, ...], inner: tuple[str, ...]) -> None:
    assert unwrapped(words) == inner


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (("/tmp/x.sh",), "/tmp/x.sh"),
        (("bash", "/tmp/x.sh", "a"), "/tmp/x.sh"),
        (("python3", "-u", "hooks/x.py"), "hooks/x.py"),
        (("python3", "-m", "module"), None),
        (("sh", "-c", "/tmp/x.sh --now"), "/tmp/x.sh"),
        (("uv", "run", "x.py"), "x.py"),
        ((), None),
    ],
)
def test_the_file_that_runs(words: tuple[str, ...], path: str | None) -> None:
    assert script_path(words) == path


def test_words() -> None:
    assert words_of("a b", ["c", 1]) == ("a b", "c", "1")
    assert words_of("a 'b c'") == ("a", "b c")
    assert words_of(["a", "b"]) == ("a", "b")
    assert words_of(None, None) == ()
    assert words_of("it's") == ("it's",)
