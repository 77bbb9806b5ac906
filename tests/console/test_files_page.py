from tests.console.browsing import signed_in
from tests.console.test_settings_page import form
from tests.fleet.config_kit import WHOLE, applied, planned, said
from tests.fleet.small_fleet import AT, LAPTOP

from weighbridge.fleet.permissions import Role, Scope
from weighbridge.fleet.settings import read_settings

HERE = "/settings/files"


def test_before_and_after_files_were_applied(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    assert "No file was applied yet" in client.get(HERE).text
    applied(served.store, WHOLE)
    page = client.get(HERE).text
    assert "nothing changed since" in page
    assert "by the server&#39;s machine" in page


def test_what_was_changed_by_hand_is_shown_with_both_sides(served):
    served.clock.now = AT + 5
    client = signed_in(served, Role.ADMINISTRATOR)
    applied(served.store, WHOLE)
    form(client, "/settings/groups", name="people", rule="owner:eve", note="<i>x</i>")
    page = client.get(HERE).text
    assert "1 item changed since" in page
    assert "rule: owner:ada OR owner:bob" in page
    assert "rule: owner:eve" in page
    assert "&lt;i&gt;x" in page
    assert "by administrator" in page
    form(client, "/settings/groups/forget", name="people")
    assert "gone" in client.get(HERE).text


def test_what_holds_is_saved_as_one_file_that_applies_without_a_change(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    applied(served.store, WHOLE)
    saved = client.get(f"{HERE}/fleet.yaml")
    assert "attachment" in saved.headers["content-disposition"]
    assert said(planned(served.store, saved.text, prune=True)) == []


def test_where_files_alone_change_it_a_form_says_so(served):
    applied(served.store, WHOLE)
    served.server.settings = read_settings(environment={"WEIGHBRIDGE_SERVE_MANAGED_BY_FILES": "true"})
    client = signed_in(served, Role.ADMINISTRATOR)
    assert "change nothing that files manage" in client.get(HERE).text
    done = form(client, "/settings/groups", name="people", rule="owner:eve")
    assert done.status_code == 409
    assert "is managed by files" in done.text
    assert form(client, "/settings/groups", name="mine").status_code == 200


def test_it_is_for_administrators_of_the_whole_fleet(served):
    assert signed_in(served, Role.APPROVER).get(HERE).status_code == 403
    limited = signed_in(served, Role.ADMINISTRATOR, Scope(groups=("lab",)))
    assert limited.get(HERE).status_code == 403


def test_endpoints_are_called_by_their_names(served):
    client = signed_in(served, Role.ADMINISTRATOR)
    page = client.get(HERE).text
    assert f'<a class="name" href="/endpoints/{LAPTOP}">laptop</a>' in page
