import asyncio

import pytest
from tests.fleet.openid import OpenIdProvider
from tests.fleet.serving import BEGINNING

from weighbridge.fleet import accounts, audit, identities, links, sessions, sign_in, single_sign_on
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.problem import RefusedError
from weighbridge.fleet.settings import read_settings
from weighbridge.fleet.sign_in import Client
from weighbridge.fleet.single_sign_on import Answer, Granted, granted_to

HERE = Client("192.0.2.1", "browser")
SETTINGS = {
    "oidc_issuer": "https://login.example.com",
    "oidc_client_id": "weighbridge",
    "oidc_roles": {
        "security": "analyst",
        "emea": "analyst in emea",
        "apac": "analyst in apac",
        "root": "administrator",
    },
}


@pytest.fixture
def provider(served):
    with OpenIdProvider() as started:
        started.now = BEGINNING // 1000
        served.server.settings = read_settings(flags=SETTINGS)
        served.server.identity_provider = started.known(lambda: served.clock.seconds)
        yield started


def come(served, provider, code="code", change=(), secret=None):
    async def job():
        departure = await single_sign_on.depart(served.server)
        brought = provider.visit(departure.address, code) | dict(change)
        answer = Answer(brought["code"], brought["state"], brought.get("iss", ""), brought.get("error", ""))
        return await single_sign_on.arrive(served.server, departure.secret if secret is None else secret, answer, HERE)

    return asyncio.run(job())


def refused(served, provider, **how):
    with pytest.raises(RefusedError) as caught:
        come(served, provider, **how)
    return caught.value


def test_who_comes_first_gets_an_account(served, provider):
    began = come(served, provider)
    assert (began.viewer.name, began.viewer.role) == ("ada", Role.ANALYST)
    found = served.store.read_now(lambda c: sessions.find(c, served.clock.now, began.secret, idle=60_000))
    assert found.session.began_by == sessions.OIDC
    actions = [entry.action for entry in served.store.read_now(lambda c: audit.newest(c, 10))]
    assert sorted(actions) == ["account.make", "session.begin"]
    assert come(served, provider).viewer.account_id == began.viewer.account_id
    assert served.store.read_now(accounts.count) == 1


def test_a_local_account_of_the_same_name_stays_its_own(served, provider):
    local = served.account("ada", Role.ADMINISTRATOR)
    assert come(served, provider).viewer.account_id != local.account_id


def test_who_is_something_else_there_is_so_here(served, provider):
    served.account("keeper", Role.ADMINISTRATOR)
    first = come(served, provider)
    provider.claims["groups"] = ["root"]
    assert come(served, provider).viewer.role is Role.ADMINISTRATOR
    assert served.store.read_now(lambda c: sessions.find(c, served.clock.now, first.secret, idle=60_000)) is None
    provider.claims["groups"] = ["emea", "apac"]
    assert come(served, provider).viewer.scope == Scope(groups=("apac", "emea"))
    provider.claims["groups"] = []
    refusal = refused(served, provider)
    assert (refusal.status, "oidc_roles" in refusal.hint) == (403, True)


def test_a_disabled_account_stays_out(served, provider):
    served.account("keeper", Role.ADMINISTRATOR)
    began = come(served, provider)
    served.store.write_now(lambda c: accounts.disable(c, 1, began.viewer.account_id))
    assert refused(served, provider).status == 403
    provider.claims["groups"] = ["root"]
    assert refused(served, provider).status == 403
    kept = served.store.read_now(lambda c: accounts.by_id(c, began.viewer.account_id))
    assert kept.role is Role.ANALYST


@pytest.mark.parametrize(
    "change",
    [
        {"state": "x"},
        {"state": ""},
        {"state": "\ud800"},
        {"code": ""},
        {"error": "access_denied"},
        {"iss": "https://x"},
    ],
    ids=str,
)
def test_an_answer_that_belongs_to_no_question(served, provider, change):
    refusal = refused(served, provider, change=change)
    assert (refusal.status, refusal.code) == (401, "E-sign-in")
    assert served.store.read_now(accounts.count) == 0


@pytest.mark.parametrize("secret", ["", "another", "\ud800"])
def test_an_answer_to_another_browser(served, provider, secret):
    assert refused(served, provider, secret=secret).status == 401


def test_a_provider_that_says_who_it_is_must_say_so(served, provider):
    provider.metadata["authorization_response_iss_parameter_supported"] = True
    assert refused(served, provider).status == 401
    assert come(served, provider, change={"iss": provider.issuer}).viewer.name == "ada"


@pytest.mark.parametrize("subject", ["", "x" * 256, "\u00e4", 7, None])
def test_a_subject_that_is_none(served, provider, subject):
    provider.more = {"sub": subject}
    assert refused(served, provider).status == 401


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"preferred_username": "  A\u202ed\na  ", "email": "a@b.c"}, "ada"),
        ({"preferred_username": 7, "email": "a@b.c"}, "a@b.c"),
        ({"preferred_username": "", "name": "x" * 500}, "x" * 100),
        ({"preferred_username": None}, "u-1"),
    ],
)
def test_what_people_are_called(served, provider, claims, name):
    provider.claims |= claims
    assert come(served, provider).viewer.name == name


def test_who_guesses_is_slowed_down(served, provider):
    statuses = [refused(served, provider, change={"state": "x"}).status for _ in range(121)]
    assert statuses == [401] * 120 + [429]


def test_without_a_provider_there_is_no_way_to_one(served):
    with pytest.raises(RefusedError) as caught:
        asyncio.run(single_sign_on.depart(served.server))
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("claims", "granted"),
    [
        ({}, None),
        ({"groups": "security"}, Granted(Role.ANALYST, Scope())),
        ({"groups": ["emea", "security"]}, Granted(Role.ANALYST, Scope())),
        ({"groups": ["emea", "root"]}, Granted(Role.ADMINISTRATOR, Scope())),
        ({"groups": ["root", "emea"]}, Granted(Role.ADMINISTRATOR, Scope())),
        ({"groups": [["root"], 7, None, "Root"]}, None),
        ({"groups": {"root": 1}}, None),
        ({"roles": ["root"]}, None),
    ],
)
def test_what_groups_give(claims, granted):
    assert granted_to(read_settings(flags=SETTINGS), claims) == granted


def test_what_everybody_of_the_provider_may():
    settings = read_settings(flags={**SETTINGS, "oidc_default_role": "viewer in emea"})
    assert granted_to(settings, {}) == Granted(Role.VIEWER, Scope(groups=("emea",)))
    assert granted_to(settings, {"groups": ["root"]}) == Granted(Role.ADMINISTRATOR, Scope())


def test_who_belongs_to_a_provider_gets_no_password(served, provider):
    viewer = come(served, provider).viewer
    with pytest.raises(RefusedError) as caught:
        asyncio.run(sign_in.set_password(served.server, viewer, "", "a long enough sentence"))
    assert caught.value.status == 403
    secret = served.store.write_now(lambda c: links.make(c, served.clock.now, viewer.account_id))
    by_link = asyncio.run(sign_in.by_link(served.server, secret, HERE))
    asyncio.run(sign_in.set_password(served.server, by_link.viewer, "", "a long enough sentence"))
    assert served.store.read_now(lambda c: accounts.by_id(c, viewer.account_id)).has_password


def test_the_table_is_the_only_place_of_subjects(served, provider):
    began = come(served, provider)
    account_id = began.viewer.account_id
    assert served.store.read_now(lambda c: identities.of_account(c, account_id)) == [(provider.issuer, "u-1")]
