"""A fleet server's database and two people with keys, in the folder where a test stands."""

import pytest
from tests.cli_runs import wb

from weighbridge.fleet.opening import open_to_serve


class PolicyFleet:
    """What a test types, with the database named."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder}/fleet.db"
        open_to_serve(self.url, 1_000).close()

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Run a subcommand of `wb fleet policy`."""
        named = () if arguments[0] == "sign" else ("--database", self.url)
        return wb("fleet", "policy", *arguments, *named)

    def well(self, *arguments: str) -> str:
        """Run one that must do what it is told, and return what it said."""
        code, out, err = self(*arguments)
        assert code == 0, (arguments, err)
        return out + err

    def trusted(self) -> None:
        """Let both people sign the root."""
        self.well("root", "--signer", "ada.pub", "--signer", "bob.pub", "--threshold", "2")
        self.signed("root.sign.json")
        self.well("publish", "root.sign.json")

    def signed(self, file: str) -> None:
        """Let both people sign a file."""
        for person in ("ada", "bob"):
            self.well("sign", file, "--key", person)

    def published(self, *options: str) -> None:
        """Publish the policy in the folder `policy`."""
        said = self.well("upload", "policy")
        number = said.split("policy ", 1)[1].split()[0]
        self.signed(f"policy-{number}.sign.json")
        self.well("publish", f"policy-{number}.sign.json", *options)


@pytest.fixture
def fleet(tmp_path, monkeypatch) -> PolicyFleet:
    """A fleet without policies."""
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    for person in ("ada", "bob", "eve"):
        assert wb("sign", "--new-key", person)[0] == 0
    assert wb("policy", "show", "balanced", "--write", "policy")[0] == 0
    return PolicyFleet(tmp_path)
