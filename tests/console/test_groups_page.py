from tests.console.browsing import signed_in
from tests.console.test_settings_page import form
from tests.fleet.managed import manage
from tests.fleet.small_fleet import AT, LAPTOP

from weighbridge.fleet import business_context, groups, labels
from weighbridge.fleet.permissions import Role, Scope

HERE = "/settings/groups"


def test_a_rule_moves_endpoints_and_is_forgotten(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    assert "by hand or by token" in client.get(HERE).text
    done = form(client, HERE, name="people", rule="owner:ada OR owner:bob", note="<b>laptops</b>")
    assert "2 endpoints moved" in done.text
    assert "<code>owner:ada OR owner:bob</code>" in done.text
    assert "&lt;b&gt;laptops" in done.text
    assert "2 endpoints moved" in form(client, f"{HERE}/forget", name="people").text
    assert form(client, f"{HERE}/forget", name="people").status_code == 404


def test_a_rule_that_cannot_be_read_is_said_and_stays_in_the_form(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    done = form(client, HERE, name="people", rule='owner:"')
    assert done.status_code == 400
    assert 'value="people"' in done.text
    assert 'value="owner:&#34;"' in done.text
    assert served.store.read_now(groups.described) == []


def test_labels_lead_to_their_endpoints(served):
    served.store.write_now(lambda connection: labels.set_labels(connection, LAPTOP, {"site": "berlin"}, AT))
    page = signed_in(served, Role.ADMINISTRATOR).get(HERE).text
    assert 'href="/endpoints?q=label%3A%22site%3Dberlin%22">1 endpoint</a>' in page


def test_repositories_are_described_and_forgotten(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    name = "https://github.com/acme/app.git"
    done = form(client, f"{HERE}/repositories", name=name, owner="ada", data_class="restricted")
    assert "github.com/acme/app is written" in done.text
    (one,) = served.store.read_now(business_context.repositories)
    assert (one.owner, one.data_class) == ("ada", "restricted")
    assert form(client, f"{HERE}/repositories", name="nothing").status_code == 400
    assert "is forgotten" in form(client, f"{HERE}/repositories/forget", name="github.com/acme/app").text
    assert form(client, f"{HERE}/repositories/forget", name="github.com/acme/app").status_code == 404


def test_it_is_for_administrators(served):
    assert signed_in(served, Role.APPROVER).get(HERE).status_code == 403
    limited = signed_in(served, Role.ADMINISTRATOR, Scope(groups=("lab",)))
    assert limited.get(HERE).status_code == 200
    assert form(limited, HERE, name="x", rule="platform:*").status_code == 403


def test_what_files_manage_is_marked_and_cannot_be_forgotten_where_files_alone_decide(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    form(client, f"{HERE}/repositories", name="github.com/acme/app", owner="ada")
    before = served.server.settings
    manage(served, "repositories", "github.com/acme/app")
    only_files, served.server.settings = served.server.settings, before
    page = client.get(HERE).text
    assert ("by files</a>" in page, "/repositories/forget" in page) == (True, True)
    served.server.settings = only_files
    page = client.get(HERE).text
    assert ("by files</a>" in page, "/repositories/forget" in page) == (True, False)
    refused = form(client, f"{HERE}/repositories", name="github.com/acme/app", owner="eve")
    assert (refused.status_code, "is managed by files" in refused.text) == (409, True)
