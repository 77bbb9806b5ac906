from tests.fleet.managed import Asking

from weighbridge.fleet import enrollment
from weighbridge.fleet.permissions import Scope

LAPTOPS = {
    "note": "for new people",
    "group": "lab",
    "labels": {"tier": "1"},
    "uses": 5,
    "days": 3,
    "needs_approval": True,
}


def test_a_token_is_made_from_a_definition(served):
    asking = Asking(served)
    written = asking.ask("PUT", "/enrollment-definitions/laptops", LAPTOPS)
    assert written == LAPTOPS | {"name": "laptops"}
    assert asking.ask("GET", "/enrollment-definitions") == [written]
    made = asking.ask("POST", "/enrollment-definitions/laptops/tokens", status=201)
    assert made["text"].startswith("wbe-")
    (token,) = served.store.read_now(enrollment.tokens)
    assert (token.note, token.group_name, token.labels, token.most_uses) == ("for new people", "lab", '{"tier":"1"}', 5)
    asking.ask("DELETE", "/enrollment-definitions/laptops", status=204)
    asking.ask("DELETE", "/enrollment-definitions/laptops", status=404)
    asking.ask("POST", "/enrollment-definitions/laptops/tokens", status=404)
    asking.ask("PUT", "/enrollment-definitions/%0A", {}, status=404)
    asking.ask("PUT", "/enrollment-definitions/x", {"labels": {"a": "<b>"}}, status=400)


def test_who_sees_a_part_defines_for_that(served):
    Asking(served).ask("PUT", "/enrollment-definitions/servers", {"group": "ops"})
    limited = Asking(served, Scope(groups=("lab",)), "bob")
    assert limited.ask("GET", "/enrollment-definitions") == []
    limited.ask("PUT", "/enrollment-definitions/servers", {"group": "lab"}, status=403)
    limited.ask("PUT", "/enrollment-definitions/x", {"group": "ops"}, status=403)
    limited.ask("POST", "/enrollment-definitions/servers/tokens", status=404)
    limited.ask("DELETE", "/enrollment-definitions/servers", status=404)
    limited.ask("PUT", "/enrollment-definitions/x", {"group": "lab"})
