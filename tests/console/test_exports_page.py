import re

import pytest
from tests.console.browsing import signed_in
from tests.console.test_settings_page import form
from tests.fleet.receivers import HttpReceiver, Reply

from weighbridge.fleet import dead_letters, export_targets, outbox
from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.settings import read_settings

SECRET = "token-of-the-siem"
HERE = "/settings/exports"


@pytest.fixture
def client(served):
    served.server.settings = read_settings(environment={"WEIGHBRIDGE_SERVE_EXPORT_NETWORKS": "127.0.0.0/8"})
    return signed_in(served, Role.ADMINISTRATOR)


def add(client, **more):
    values = {"name": "SIEM", "kind": "splunk", "address": "https://a.example", "secret": SECRET}
    done = form(client, HERE, **values | more)
    assert SECRET not in done.text
    return done


def only(served):
    (target,) = served.store.read_now(export_targets.listed)
    return target


def test_a_target_is_added_shown_and_removed(served, client):
    assert "Nobody is told anything yet" in client.get(HERE).text
    assert "SIEM is told from now on" in add(client, topic="finding", severity="high").text
    page = client.get(HERE).text
    assert "finding; high and worse" in page
    one = f"{HERE}/{only(served).target_id}"
    assert f'href="{one}"' in page
    assert "Splunk HTTP Event Collector · https://a.example" in client.get(one).text
    assert "The target is removed" in form(client, f"{one}/remove").text
    assert client.get(one).status_code == 404
    assert form(client, f"{one}/remove").status_code == 404


def test_a_key_that_the_server_made_is_shown_once(served, client):
    done = add(client, kind="webhook", secret="")
    assert re.search(r"<code>whsec_[\w-]+</code>", done.text)
    assert "whsec_" not in client.get(f"{HERE}/{only(served).target_id}").text


def test_it_is_paused_goes_on_is_sent_again_and_gets_another_secret(served, client):
    add(client)
    one = f"{HERE}/{only(served).target_id}"
    assert "Nothing is sent until" in form(client, f"{one}/state", state="paused").text
    assert only(served).paused
    assert "It goes on where it was" in form(client, f"{one}/state", state="sending").text
    assert "It is tried now" in form(client, f"{one}/state", state="retry").text
    assert "0 rows will be sent again" in form(client, f"{one}/replay", since="2026-11-01").text
    assert form(client, f"{one}/replay", since="then").status_code == 400
    assert "The other secret is used" in form(client, f"{one}/secret", secret="another-secret").text
    assert form(client, f"{one}/secret", secret="short").status_code == 400
    for path in ("state", "replay", "secret", "refused", "test"):
        assert form(client, f"{HERE}/x/{path}", since="2026-11-01", secret="long-enough").status_code == 404


def test_it_is_asked_now(served, client):
    answers = [Reply()]
    with HttpReceiver(lambda _: answers[0]) as receiver:
        add(client, address=receiver.url)
        one = f"{HERE}/{only(served).target_id}"
        assert "it took an event that says that it is a test" in form(client, f"{one}/test").text
        answers[0] = Reply(403, b"<b>no</b>")
        done = form(client, f"{one}/test")
        assert "&lt;b&gt;no&lt;/b&gt;" in done.text
        assert "<b>no" not in done.text


def test_what_was_refused_is_shown_sent_again_or_given_up(served, client):
    add(client)
    target = only(served)

    def refuse(connection):
        outbox.tell(connection, "", outbox.DECISION, {"message": "x"}, 5)
        outbox.number(connection)
        dead_letters.bury(connection, 6, target.target_id, outbox.after(connection, 0, 1)[0], "it answered 400: <i>")

    served.store.write_now(refuse)
    one = f"{HERE}/{target.target_id}"
    assert "it answered 400: &lt;i&gt;" in client.get(one).text
    assert "1 row will be sent again" in form(client, f"{one}/refused", do="retry").text
    assert "is sent again" in client.get(one).text
    assert "1 row given up" in form(client, f"{one}/refused", do="drop").text
    assert "Nothing." in client.get(one).text


def test_what_does_not_fit_is_said_above_the_form(client):
    done = add(client, address="ftp://a.example")
    assert done.status_code == 400
    assert "the address is no URL" in done.text
    assert "needs the option" in add(client, kind="jira").text
    assert "is told from now on" in add(client, kind="jira", options="project=SEC type=Bug").text


def test_it_is_for_administrators_of_the_whole_fleet(served):
    assert signed_in(served, Role.APPROVER).get(HERE).status_code == 403
    limited = signed_in(served, Role.ADMINISTRATOR, Scope(groups=("lab",)))
    assert limited.get(HERE).status_code == 403
