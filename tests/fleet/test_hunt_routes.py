import pytest
from tests.fleet.small_fleet import LLAMA, PICKLE, fill

from weighbridge.fleet.permissions import Permission, Role, Scope


@pytest.fixture
def ask(served):
    served.store.write_now(fill)

    names = (f"vera{number}" for number in range(9))

    def asked(body, scope=None):
        header = served.token(served.account(next(names), Role.VIEWER, scope), Permission.FLEET_READ)
        return served.client().post("/api/v1/hunt", json=body, headers=header)

    return asked


def test_pasted_text_is_hunted(ask):
    answer = ask({"digests": f"{LLAMA}  llama.gguf\nsha256:{PICKLE}\n{'a' * 32}\n{'f' * 64}"}).json()
    assert [(row["asked"], bool(row["sha256"]), len(row["whereabouts"])) for row in answer["rows"]] == [
        (LLAMA, True, 3),
        (PICKLE, True, 1),
        ("f" * 64, False, 0),
    ]
    assert answer["not_looked_for"] == [{"kind": "MD5", "number": 1}]
    assert answer["passed_over"] == 1


def test_a_viewer_sees_what_lies_within_their_scope(ask):
    answer = ask({"digests": LLAMA}, Scope(groups=("ops",))).json()
    assert [one["endpoint_name"] for one in answer["rows"][0]["whereabouts"]] == ["server"]


def test_text_without_a_digest_is_refused(ask):
    answer = ask({"digests": "evil.gguf"})
    assert (answer.status_code, answer.json()["code"]) == (400, "E-query")
    assert ask({}).status_code == 400
