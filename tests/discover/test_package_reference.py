import pytest

from weighbridge.discover.package_reference import package_of

SHA = "0a" * 20


@pytest.mark.parametrize(
    ("command", "shown", "pinned"),
    [
        ("npx -y x-mcp", ("npm", "x-mcp", None), False),
        ("npx -y @scope/x@latest", ("npm", "@scope/x", "latest"), False),
        ("npx @scope/x@1.2.3", ("npm", "@scope/x", "1.2.3"), True),
        ("npx x@^1.2.3", ("npm", "x", "^1.2.3"), False),
        ("npx --package=x@1.2.3 bin", ("npm", "x", "1.2.3"), True),
        ("npx -p x@next bin", ("npm", "x", "next"), False),
        ("npx -y github:owner/repo", ("git", "github:owner/repo", None), False),
        (f"npx -y owner/repo#{SHA}", ("git", "owner/repo", SHA), True),
        ("pnpm dlx x@1.0.0", ("npm", "x", "1.0.0"), True),
        ("bunx x", ("npm", "x", None), False),
        ("npm exec -y -- x@1.0.0", ("npm", "x", "1.0.0"), True),
        ("cmd /c npx -y x", ("npm", "x", None), False),
        ("sh -c 'npx -y x@2'", ("npm", "x", "2"), False),
        ("deno run -A npm:x@1.0.0", ("npm", "x", "1.0.0"), True),
        ("uvx x", ("pypi", "x", None), False),
        ("uvx x==1.2", ("pypi", "x", "1.2"), True),
        ("uvx x@latest", ("pypi", "x", "latest"), False),
        ("uvx --from x[cli]==1.2.3 tool", ("pypi", "x", "1.2.3"), True),
        ("uvx --python 3.12 x>=1", ("pypi", "x", ">=1"), False),
        ("uv tool run x", ("pypi", "x", None), False),
        ("uv run --with x==1.0 server.py", ("pypi", "x", "1.0"), True),
        (f"uvx --from git+https://host/x@{SHA} y", ("git", "git+https://host/x", SHA), True),
        ("uvx --from git+https://user:pw@host/x y", ("git", "git+https://host/x", None), False),
        ("pipx run x", ("pypi", "x", None), False),
        ("docker run -i --rm -e KEY mcp/x", ("oci", "mcp/x", None), False),
        ("docker run --name a -v /a:/b reg:5000/mcp/x:latest", ("oci", "reg:5000/mcp/x", "latest"), False),
        ("docker run mcp/x:1.2.3", ("oci", "mcp/x", "1.2.3"), True),
        ("podman run x@sha256:" + "0a" * 32, ("oci", "x", "@sha256:" + "0a" * 32), True),
    ],
)
def test_references(command: str, shown: tuple[str, str, str | None], pinned: bool) -> None:
    from weighbridge.discover.shell_text import words_of

    found = package_of(words_of(command))
    assert found is not None
    assert (found.ecosystem, found.name, found.version) == shown
    assert found.pinned == pinned


@pytest.mark.parametrize(
    "command",
    [
        "node server.js",
        "./run.sh",
        "npx",
        "npx ./local",
        "uvx .",
        "docker ps",
        "docker compose run x",
        "docker mcp gateway run",
        "python -m x",
        "",
    ],
)
def test_commands_that_fetch_nothing(command: str) -> None:
    assert package_of(tuple(command.split())) is None
