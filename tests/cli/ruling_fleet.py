"""A fleet server's database whose people sign rulings, with the three endpoints of `small_fleet`."""

import pytest
from tests.cli.policy_fleet import PolicyFleet, fleet  # noqa: F401  (a fixture)
from tests.cli_runs import wb
from tests.fleet.small_fleet import fill

from weighbridge.fleet.store import Store


class RulingFleet:
    """What a test types, with the database named."""

    def __init__(self, policies: PolicyFleet) -> None:
        self.policies, self.folder, self.url = policies, policies.folder, policies.url

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Run a subcommand of `wb fleet`."""
        return wb("fleet", *arguments, "--database", self.url)

    def well(self, *arguments: str) -> str:
        """Run one that must do what it is told, and return what it said."""
        code, out, err = self(*arguments)
        assert code == 0, (arguments, err)
        return out + err

    def do(self, job):
        """Run a job on the database itself."""
        store = Store.open(self.url)
        try:
            return store.write_now(job)
        finally:
            store.close()

    def delegated(self, *options: str) -> None:
        """Let both people say who signs rulings."""
        self.policies.trusted()
        self.policies.well("delegate", *options)
        self.policies.signed("delegation.sign.json")
        assert "from now on sign: 2 of 2 for revocations" in self.policies.well("publish", "delegation.sign.json")

    def signed(self, file: str) -> str:
        """Let both people sign a text and publish it."""
        text = file.replace(".sign.json", ".text.json")
        for person in ("ada", "bob"):
            self.policies.well("sign", file, "--text", text, "--key", person)
        return self.policies.well("publish", file)


@pytest.fixture
def rulings(fleet) -> RulingFleet:  # noqa: F811
    """A fleet with three endpoints, in which nobody was named yet."""
    made = RulingFleet(fleet)
    made.do(fill)
    return made
